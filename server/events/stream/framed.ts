import type { Told } from '../tell.ts'

/** An event with its bytes as a server-sent event, made once for all who are told it. */
export type Framed = Told & { frame: Buffer }

export function withFrame(told: Told): Framed {
  const { seq, type, body } = told
  return { ...told, frame: Buffer.from(`id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`, 'latin1') }
}
