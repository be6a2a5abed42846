import { Checkbox, InputNumber, Segmented } from 'antd'
import type { ReactNode } from 'react'
import { TimePicker } from '../../../ui/fields/dates.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { pickedFrom } from '../../../ui/values/picked.ts'
import { cronOf, type Schedule, scheduleOf, usualSchedule } from './schedule.ts'

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** Chooses when backups are made. A line that says more than this is shown as it is, until something is chosen. */
export function ScheduleField({ cron, onChange }: { cron: string; onChange(cron: string): void }): ReactNode {
  const t = useText('backups')
  const known = scheduleOf(cron)
  const shown = known ?? usualSchedule
  const change = (patch: Partial<Schedule>) => onChange(cronOf({ ...shown, ...patch }))
  return (
    <div className="backups-schedule">
      <Segmented<Schedule['every'] | ''>
        aria-label={t('howOften')}
        value={known?.every ?? ''}
        options={(['day', 'week', 'month'] as const).map(value => ({ value, label: t(`every_${value}`) }))}
        onChange={every => every && change({ every })}
      />
      {known ? (
        <TimePicker
          format="HH:mm"
          allowClear={false}
          needConfirm={false}
          aria-label={t('timeOfDay')}
          value={pickedFrom(`2000-01-01T${known.time}`)}
          onChange={time => time && change({ time: time.format('HH:mm') })}
        />
      ) : null}
      {known?.every === 'week' ? (
        <Checkbox.Group<number>
          aria-label={t('weekdays')}
          value={[...known.days]}
          options={weekdays.map(value => ({ value, label: t(`weekday_${value}`) }))}
          onChange={days => days.length > 0 && change({ days: [...days].sort((a, b) => a - b) })}
        />
      ) : null}
      {known?.every === 'month' ? (
        <InputNumber
          min={1}
          // The last days of a month are not in all of them.
          max={Math.max(28, known.day)}
          precision={0}
          aria-label={t('dayOfMonth')}
          suffix={t('dayUnit')}
          value={known.day}
          onChange={day => day && change({ day })}
        />
      ) : null}
    </div>
  )
}

/** When a plan makes backups, in words. */
export function scheduleWords(t: Translator<'backups'>, cron: string): string {
  const schedule = scheduleOf(cron)
  if (!schedule) return t('byCron', { cron })
  const { every, time, days, day } = schedule
  if (every === 'day') return t('atDay', { time })
  if (every === 'month') return t('atMonth', { day, time })
  return t('atWeek', { days: days.map(one => t(`weekday_${one as 1}`)).join(t('listComma')), time })
}
