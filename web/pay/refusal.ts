/** Why the server refused; '' when there was no answer. */
export function refusalIn(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
