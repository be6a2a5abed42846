import type { DeveloperEvent } from '../tell.ts'

/** An event with its bytes as a server-sent event, made once for all who are told it. */
export type EventFrame = DeveloperEvent & { frame: Buffer }

export function withFrame(told: DeveloperEvent): EventFrame {
  const { seq, type, body } = told
  return { ...told, frame: Buffer.from(`id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`, 'latin1') }
}
