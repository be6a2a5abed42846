/** Every night there is a run, so an address book that is older than this was missed by one. */
export const staleMs = 36 * 3_600_000
/** An event that waits for longer than this is late. */
export const lateMs = 600_000
/** Silence of the callbacks for less than this proves nothing. */
export const quietMs = 3 * 86_400_000
/** WeCom that cannot be reached for this long is told of. */
export const unreachableMs = 120_000
/** A run that could not reach WeCom for this long fails. */
export const runGivenUpMs = 86_400_000
