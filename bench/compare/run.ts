/** One run of one scenario with one server: a process of its own, so that what the load costs is known. Prints a row as JSON. */
import { scenarios } from './scenarios/index.ts'
import { serverNames, startServer } from './servers.ts'

const [wanted = '', with_ = ''] = process.argv.slice(2)
const scenario = scenarios[wanted]
const name = serverNames.find((each) => each === with_)
if (!scenario || !name) throw new Error(`there is no ${wanted} with ${with_}`)
const server = await startServer(name)
const row = await scenario.run(server, name)
await server.stop()
console.log(JSON.stringify(row))
process.exit()
