/** There is a run every night, so one has missed an address book that is older than this. */
export const staleMs = 36 * 3_600_000
/** An event that waits for longer than this is late. */
export const lateMs = 600_000
/** Silence of the callbacks for less than this proves nothing. */
export const quietMs = 3 * 86_400_000
/** Administrators are told when WeCom cannot be reached for this long. */
export const unreachableMs = 120_000
/** A run that could not reach WeCom for this long fails. */
export const runGivenUpMs = 86_400_000
