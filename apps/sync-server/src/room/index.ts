/** The rooms and their ports, for whoever runs them without a server around them. */
export type { Clock } from './clock.ts'
export type { Identity, Peer } from './peer.ts'
export type { Membership, RoomMessage, RoomPorts } from './room.ts'
export { Rooms, type JoinOptions } from './rooms.ts'
export { roomLimits, type RoomLimits } from './room-limits.ts'
export type { Principal } from './peer.ts'
export { noMeter } from '../meter.ts'
