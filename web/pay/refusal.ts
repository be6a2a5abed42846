import { CallError } from '../ui/data/api.ts'

/** Why the server refused, without the general words of its code; '' when there was no answer. */
export function refusalIn(error: unknown): string {
  if (!(error instanceof CallError)) return error instanceof Error ? error.message : String(error)
  return error.message.replace(/^[^:]{2,24}: (?=.)/, '')
}
