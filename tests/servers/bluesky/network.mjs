// A Bluesky network on this machine: directory, PDS and AppView of @atproto/dev-env. Prints its addresses; ends by SIGTERM,
// or with whoever holds the other end of its input. The first word is where its packages are, four free ports follow;
// DB_POSTGRES_URL a new, empty database. No moderation service: none is asked here.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const [home, ...ports] = process.argv.slice(2)
const [plcPort, bsyncPort, bskyPort, pdsPort] = ports.map(Number)
registerHooks({
  resolve: (name, context, next) =>
    name === 'better-sqlite3' ? { url: new URL('./sqlite.mjs', import.meta.url).href, shortCircuit: true } : next(name, context),
})
const part = (name) => import(pathToFileURL(`${home}/node_modules/@atproto/dev-env/dist/${name}.js`).href)
const [{ TestPlc }, { TestPds }, { TestBsky }, { TestBsync }, { mockNetworkUtilities }] = await Promise.all(
  ['plc', 'pds', 'bsky', 'bsync', 'util'].map(part),
)

const database = process.env.DB_POSTGRES_URL
const plc = await TestPlc.create({ port: plcPort })
const key = 'between-our-own-servers'
const bsync = await TestBsync.create({ port: bsyncPort, apiKeys: [key], dbUrl: database, dbSchema: 'bsync' })
const bsky = await TestBsky.create({
  port: bskyPort,
  plcUrl: plc.url,
  pdsPort,
  bsyncApiKey: key,
  bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresSchema: 'appview',
  dbPostgresUrl: database,
})
bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
const pds = await TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
})
mockNetworkUtilities(pds, bsky)
process.on('SIGTERM', () => process.exit(0))
process.stdin.on('end', () => process.exit(0)).resume()
console.log(JSON.stringify({ plc: plc.url, pds: pds.url, appview: bsky.url }))
