// What the PDS asks of better-sqlite3, which would have to be compiled, by Node's own SQLite.
import { DatabaseSync } from 'node:sqlite'

const UNIQUE = new Set([1555, 2067]) // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
const BUSY = 5

const named = (error) => {
  if (UNIQUE.has(error.errcode)) error.code = 'SQLITE_CONSTRAINT_UNIQUE'
  if ((error.errcode & 0xff) === BUSY) error.code = 'SQLITE_BUSY'
  return error
}

const attempt = (act) => {
  try {
    return act()
  } catch (error) {
    throw named(error)
  }
}

class Statement {
  constructor(prepared) {
    this.prepared = prepared
    this.reader = prepared.columns().length > 0
  }
  all = (given = []) => attempt(() => this.prepared.all(...given))
  run = (given = []) => attempt(() => this.prepared.run(...given))
  iterate = (given = []) => attempt(() => this.prepared.iterate(...given))
}

export default class Database {
  constructor(location) {
    this.database = new DatabaseSync(location)
  }
  prepare = (sql) => attempt(() => new Statement(this.database.prepare(sql)))
  pragma = (words) => attempt(() => this.database.prepare(`PRAGMA ${words}`).all())
  close = () => this.database.close()
}
