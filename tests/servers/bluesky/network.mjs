// A Bluesky network on this machine: directory, PDS and AppView of @atproto/dev-env. Prints its addresses; ends by SIGTERM.
// HOME is where the packages are; DB_POSTGRES_URL a new, empty database. No moderation service: none is asked here.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const home = process.argv[2]
registerHooks({
  resolve: (name, context, next) =>
    name === 'better-sqlite3' ? { url: new URL('./sqlite.mjs', import.meta.url).href, shortCircuit: true } : next(name, context),
})
const part = (name) => import(pathToFileURL(`${home}/node_modules/@atproto/dev-env/dist/${name}.js`).href)
const [{ TestPlc }, { TestPds }, { TestBsky }, { TestBsync }, { mockNetworkUtilities }, { default: freePort }] =
  await Promise.all(['plc', 'pds', 'bsky', 'bsync', 'util', 'get-port'].map(part))

const database = process.env.DB_POSTGRES_URL
const plc = await TestPlc.create({})
const key = 'between-our-own-servers'
const bsync = await TestBsync.create({ apiKeys: [key], dbUrl: database, dbSchema: 'bsync' })
const pdsPort = await freePort()
const bsky = await TestBsky.create({
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
console.log(JSON.stringify({ plc: plc.url, pds: pds.url, appview: bsky.url }))
