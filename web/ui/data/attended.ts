const attendedMs = 60_000
let touchedAt = Date.now()

for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
  addEventListener(
    event,
    () => {
      touchedAt = Date.now()
    },
    { capture: true, passive: true },
  )

/**
 * Whether somebody has touched this page within the last minute. What it asks for otherwise, it asks on its own, and that must not
 * keep a session alive.
 */
export function isAttended(): boolean {
  return Date.now() - touchedAt < attendedMs
}
