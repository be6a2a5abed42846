import { useText } from '../../ui/text.ts'

const units = [
  { minutes: 1440, word: 'days' },
  { minutes: 60, word: 'hours' },
  { minutes: 1, word: 'minutes' },
] as const

/** Minutes around a due time as people say them: `截止前 2 小时`, `超时 1 天`. */
export function useMinuteWords() {
  const t = useText('todo-console')
  const length = (minutes: number) => {
    const unit = units.find(one => minutes % one.minutes === 0) ?? units[2]
    return t(unit.word, { n: minutes / unit.minutes })
  }
  const overdue = (minutes: number) => t('overdueBy', { time: length(minutes) })
  const moment = (minutes: number) =>
    minutes === 0 ? t('atDue') : minutes < 0 ? t('beforeDue', { time: length(-minutes) }) : overdue(minutes)
  return { length, overdue, moment }
}
