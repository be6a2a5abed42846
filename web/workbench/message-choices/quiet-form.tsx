import { type ReactNode, useState } from 'react'
import { useErrorText } from '../../ui/data/error-text.ts'
import { type Translator, useText } from '../../ui/text.ts'
import { timeZones } from '../../ui/values/time-zones.ts'
import { type MyChoices, type QuietHours, useQuietChange } from './choices-data.ts'

const days = [1, 2, 3, 4, 5, 6, 7] as const
const dayKeys = ['day1', 'day2', 'day3', 'day4', 'day5', 'day6', 'day7'] as const

const twoDigits = (n: number) => String(n).padStart(2, '0')
const clockOf = (minutes: number) => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export function quietWords(t: Translator<'message-choices'>, hours: QuietHours): string {
  const names = hours.days.map(day => t(dayKeys[day - 1]!)).join(t('joint'))
  return t('quietShown', {
    from: clockOf(hours.from),
    to: clockOf(hours.to),
    days: hours.days.length === days.length ? t('everyDay') : names,
    zone: hours.timeZone,
  })
}

/** The person's own quiet hours, from 22:00 to 07:00 on the corp's clocks for a start. */
export function QuietForm({ choices, onDone }: { choices: MyChoices; onDone(): void }): ReactNode {
  const t = useText('message-choices')
  const textOf = useErrorText()
  const { quietHours, timeZone } = choices
  const [hours, setHours] = useState<QuietHours>(
    quietHours ?? { days: [...days], from: 22 * 60, to: 7 * 60, timeZone },
  )
  const change = useQuietChange(onDone)
  const set = (part: Partial<QuietHours>) => setHours({ ...hours, ...part })
  return (
    <form
      className="wb-scroll wb-choices-form"
      onSubmit={event => {
        event.preventDefault()
        change.mutate(hours)
      }}
    >
      <p className="wb-quiet">{t('quietHint')}</p>
      <div className="wb-choices-times">
        {(['from', 'to'] as const).map(name => (
          <label key={name}>
            <span>{t(name === 'from' ? 'quietFrom' : 'quietTo')}</span>
            <input
              type="time"
              required
              value={clockOf(hours[name])}
              onChange={event => event.target.value && set({ [name]: minutesOf(event.target.value) })}
            />
          </label>
        ))}
      </div>
      <fieldset className="wb-choices-days">
        <legend>{t('quietDays')}</legend>
        {days.map(day => (
          <label key={day}>
            <input
              type="checkbox"
              checked={hours.days.includes(day)}
              onChange={event =>
                set({
                  days: days.filter(one => (one === day ? event.target.checked : hours.days.includes(one))),
                })
              }
            />
            <span>{t(dayKeys[day - 1]!)}</span>
          </label>
        ))}
      </fieldset>
      <label>
        <span>{t('quietZone')}</span>
        <select value={hours.timeZone} onChange={event => set({ timeZone: event.target.value })}>
          {timeZones(hours.timeZone).map(zone => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
      <div role="alert">
        {change.error ? <p className="wb-choices-wrong">{textOf(change.error)}</p> : null}
      </div>
      <div className="wb-row">
        <button
          type="submit"
          className="wb-button wb-primary"
          disabled={change.isPending || hours.days.length === 0}
        >
          {t('save')}
        </button>
        {quietHours ? (
          <button
            type="button"
            className="wb-button"
            disabled={change.isPending}
            onClick={() => change.mutate(undefined)}
          >
            {t('remove')}
          </button>
        ) : null}
      </div>
    </form>
  )
}
