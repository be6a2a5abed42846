import { Readable } from 'node:stream'
import { wireDepartment, wireMember, wireTag } from '../state/wire.ts'
import type { ControlWorld } from './world.ts'

const chunkSize = 64 * 1024

/**
 * The whole corp as `{departments, members, tags}` with the fields of department/list, user/list and tag/get
 * (sandbox/README.md#control). It is streamed, because the JSON of a million members is longer than a string can be.
 */
export function stateStream(world: ControlWorld): Readable {
  return Readable.from(chunks(pieces(world)), { objectMode: false })
}

function* pieces({ state, url }: ControlWorld): Generator<string> {
  yield '{"departments":['
  yield* joined(state.departments.values(), item => wireDepartment(state, item))
  yield '],"members":['
  yield* joined(livingSlots(state.userids), slot => wireMember(state, state.member(slot), url))
  yield '],"tags":['
  yield* joined(state.tags.values(), tag => wireTag(state, tag))
  yield ']}'
}

function* joined<T>(items: Iterable<T>, wire: (item: T) => unknown): Generator<string> {
  let comma = ''
  for (const item of items) {
    yield comma + JSON.stringify(wire(item))
    comma = ','
  }
}

function* livingSlots(userids: readonly (string | undefined)[]): Generator<number> {
  for (let slot = 0; slot < userids.length; slot++) if (userids[slot] !== undefined) yield slot
}

function* chunks(parts: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const part of parts) {
    chunk += part
    if (chunk.length < chunkSize) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}
