import { absent, limits, type PresenceEntry } from '@quire/protocol'
import { describe, expect, it } from 'vitest'
import { Presence } from './presence.ts'
import { stamp } from './stamp.ts'

/** `7@3:{...}` is client 7 at clock 3; without a state, they have left. */
function entry(text: string): PresenceEntry {
  const [, clientId, clock, state] = /^(\d+)@(\d+)(?::(.*))?$/.exec(text) ?? []
  return { clientId: Number(clientId), clock: Number(clock), state: state ?? absent }
}

function shown(entries: readonly PresenceEntry[]): string[] {
  return entries.map(
    ({ clientId, clock, state }) => `${clientId}@${clock}${state === absent ? '' : `:${state}`}`,
  )
}

function room(): {
  presence: Presence<string>
  receive: (owner: string, ...entries: string[]) => string[]
} {
  const presence = new Presence<string>((_owner, state) => stamp(state, { type: 'stranger' }).state)
  return {
    presence,
    receive: (owner, ...entries) => shown(presence.receive(owner, entries.map(entry)).reply),
  }
}

describe('presence', () => {
  it('tells of who came, what changed and who left', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{"a":1}')
    expect(shown(presence.takeChanged())).toEqual(['1@1:{"a":1}'])
    receive('anna', '1@2:{"a":2}')
    expect(shown(presence.takeChanged())).toEqual(['1@2:{"a":2}'])
    presence.leave('anna')
    expect(shown(presence.takeChanged())).toEqual(['1@2'])
    expect(presence.everyone()).toEqual([])
  })

  it('removes at the clock the others know, so that a return one higher is seen', () => {
    const { presence, receive } = room()
    receive('anna', '1@5:{}')
    presence.leave('anna')
    receive('anna again', '1@6:{}')
    expect(shown(presence.everyone())).toEqual(['1@6:{}'])
  })

  it('ignores echoes, whether of a state or of its renewal', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{}')
    receive('bo', '2@1:{}')
    presence.takeChanged()
    receive('bo', '1@1:{}')
    receive('bo', '1@0:{}')
    expect(presence.takeChanged()).toEqual([])
  })

  it('lets nobody change or remove a state that another connection owns', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{"name":"Anna"}')
    receive('eve', '1@2:{"name":"Eve"}', '1@1', '1@9')
    expect(shown(presence.everyone())).toEqual(['1@1:{"name":"Anna"}'])
  })

  it('does not let a late echo bring back someone who has left', () => {
    const { presence, receive } = room()
    receive('anna', '1@3:{}')
    receive('bo', '2@1:{}')
    presence.leave('anna')
    expect(receive('bo', '1@3:{}')).toEqual([])
    expect(shown(presence.everyone())).toEqual(['2@1:{}'])
  })

  it('tells someone who returns under their old clock that they were removed, so that they announce themselves anew', () => {
    const { presence, receive } = room()
    receive('anna', '1@3:{}')
    presence.leave('anna')
    expect(receive('anna again', '1@3:{}')).toEqual(['1@3'])
    receive('anna again', '1@4:{}')
    expect(shown(presence.everyone())).toEqual(['1@4:{}'])
  })

  it('cleans up after someone who came back, too', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{}')
    presence.leave('anna')
    receive('anna again', '1@2:{}')
    presence.leave('anna again')
    expect(presence.everyone()).toEqual([])
  })

  it('keeps signs of life apart from changes', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{}')
    presence.takeChanged()
    receive('anna', '1@2:{}')
    expect(presence.takeChanged()).toEqual([])
    expect(shown(presence.takeRenewed())).toEqual(['1@2:{}'])
    expect(presence.takeRenewed()).toEqual([])
  })

  it('takes a goodbye from its owner', () => {
    const { presence, receive } = room()
    receive('anna', '1@1:{}')
    receive('anna', '1@1')
    expect(presence.everyone()).toEqual([])
  })

  it('gives one connection only a few ids', () => {
    const { presence, receive } = room()
    receive('eve', ...Array.from({ length: 100 }, (_, index) => `${index}@1:{}`))
    expect(presence.everyone()).toHaveLength(4)
  })

  it('tells what it makes of a state, made once for each that is news', () => {
    let made = 0
    const presence = new Presence<string>((owner) => `{"by":"${owner}","made":${++made}}`)
    const receive = (owner: string, text: string): unknown => presence.receive(owner, [entry(text)])
    receive('anna', '1@1:{}')
    receive('bo', '2@1:{}')
    receive('bo', '1@1:{"by":"anna","made":1}')
    receive('bo', '1@2:{"by":"bo"}')
    receive('anna', '1@2:{}')
    const anna = '1@2:{"by":"anna","made":1}'
    expect(shown(presence.everyone())).toEqual([anna, '2@1:{"by":"bo","made":2}'])
    presence.takeChanged()
    receive('anna', '1@3:{}')
    expect(shown(presence.takeRenewed())).toEqual(['1@3:{"by":"anna","made":1}'])
    receive('anna', '1@4:{"a":1}')
    expect(shown(presence.takeChanged())).toEqual(['1@4:{"by":"anna","made":3}'])
  })

  it('makes it anew for the connection that takes over', () => {
    const presence = new Presence<string>((owner) => `{"by":"${owner}"}`)
    presence.receive('old', [entry('1@1:{}')])
    presence.handOver(1, 'new')
    presence.receive('new', [entry('1@2:{}')])
    expect(shown(presence.takeChanged())).toEqual(['1@2:{"by":"new"}'])
  })

  it.each([
    ['JSON that is cut off', '1@1:{"a":'],
    ['a number', '1@1:7'],
    ['an array', '1@1:[]'],
    ['deep nesting', `1@1:${'{"a":'.repeat(9)}1${'}'.repeat(9)}`],
  ])('refuses %s as a state', (_, bad) => {
    const { presence, receive } = room()
    expect(() => receive('eve', bad)).toThrow(expect.objectContaining({ code: 'presence-malformed' }))
    expect(presence.everyone()).toEqual([])
  })

  it('lets nobody who has not been here leave, nor begin where nobody could go on', () => {
    const { presence, receive } = room()
    receive('eve', `1@${limits.maxPresenceClock}`, `1@${limits.maxPresenceClock}:{}`)
    receive('anna', '1@1:{}')
    expect(shown(presence.everyone())).toEqual(['1@1:{}'])
  })

  it('refuses a clock that jumps ahead', () => {
    const { receive } = room()
    receive('eve', '1@1:{}')
    expect(() => receive('eve', `1@${limits.maxPresenceClock}:{}`)).toThrow(
      expect.objectContaining({ code: 'presence-malformed' }),
    )
  })
})
