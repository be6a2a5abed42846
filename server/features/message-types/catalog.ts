import type { Core } from '../../platform/core.ts'
import { type CompiledType, compile } from './compile.ts'
import type { Definition } from './definition.ts'
import { definitionOf, type TypeState, versionsInForce } from './types-store.ts'

/** A type as messages are sent by it. */
export type MessageType = {
  key: string
  devId: string | null
  state: TypeState
  version: number
  definition: Definition
  compiled: CompiledType
}

/** The versions in force, in memory. */
export type MessageTypes = {
  reload(corpId?: string): Promise<void>
  find(corpId: string, key: string): MessageType | undefined
  /** The same from the database, for a type that another node made a moment ago. */
  read(corpId: string, key: string): Promise<MessageType | undefined>
  /** A version that may not be in force any more, with the state in which the type is now. */
  version(corpId: string, key: string, version: number): Promise<MessageType | undefined>
}

export function createMessageTypes(ctx: Pick<Core, 'db'>): MessageTypes {
  const ofCorps = new Map<string, Map<string, MessageType>>()
  return {
    async reload(corpId) {
      const rows = await versionsInForce(ctx.db, corpId)
      if (corpId === undefined) ofCorps.clear()
      else ofCorps.delete(corpId)
      for (const { corpId: corp, ...row } of rows)
        ofCorps.getOrInsertComputed(corp, () => new Map()).set(row.key, compiledWhenUsed(row))
    },
    find: (corpId, key) => ofCorps.get(corpId)?.get(key),
    async read(corpId, key) {
      const [row] = await versionsInForce(ctx.db, corpId, key)
      return row && compiledWhenUsed(row)
    },
    async version(corpId, key, version) {
      const [row] = await versionsInForce(ctx.db, corpId, key)
      if (!row || row.version === version) return row && compiledWhenUsed(row)
      const definition = await definitionOf(ctx.db, { corpId, key, version })
      return definition && compiledWhenUsed({ ...row, version, definition })
    },
  }
}

/** Compiling all types of a thousand corps would hold up a start. */
function compiledWhenUsed(row: Omit<MessageType, 'compiled'>): MessageType {
  let compiled: CompiledType | undefined
  return {
    key: row.key,
    devId: row.devId,
    state: row.state,
    version: row.version,
    definition: row.definition,
    get compiled() {
      compiled ??= compile(row.definition)
      return compiled
    },
  }
}
