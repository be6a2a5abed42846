const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })
const date = new Intl.DateTimeFormat('zh-CN', { month: 'numeric', day: 'numeric' })
const full = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'medium', timeStyle: 'short', hour12: false })
const weekday = new Intl.DateTimeFormat('zh-CN', { weekday: 'long' })
const dayMs = 24 * 3_600_000

const startOfDay = at => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

/** A short time as in WeCom's list of conversations: the time of day, 昨天, a weekday or a date. */
export function shortTime(iso, now = new Date()) {
  const at = new Date(iso)
  const days = Math.round((startOfDay(now) - startOfDay(at)) / dayMs)
  if (days <= 0) return clock.format(at)
  if (days === 1) return '昨天'
  return days < 7 ? weekday.format(at) : date.format(at)
}

/** The time that is shown between messages. */
export function longTime(iso, now = new Date()) {
  const day = shortTime(iso, now)
  const time = clock.format(new Date(iso))
  return day === time ? time : `${day} ${time}`
}

export const fullTime = iso => full.format(new Date(iso))
export const clockTime = iso => clock.format(iso ? new Date(iso) : new Date())
