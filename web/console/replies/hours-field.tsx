import { Checkbox, Switch } from 'antd'
import type { ReactNode } from 'react'
import { TimePicker } from '../../ui/fields/dates.tsx'
import { pickedFrom } from '../../ui/values/picked.ts'
import { useRepliesText } from './owner.tsx'
import type { Rule } from './words.ts'

type Hours = NonNullable<Rule['hours']>

const office: Hours = { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }
const days = [1, 2, 3, 4, 5, 6, 7] as const

/** When a rule holds. Forms give `value` and `onChange`; null is always. */
export function HoursField(props: { value?: Hours | null; onChange?(hours: Hours | null): void }): ReactNode {
  const t = useRepliesText()
  const { value = null, onChange = () => undefined } = props
  return (
    <div className="replies-fields">
      <span className="replies-row">
        <Switch
          aria-label={t('hoursOnly')}
          checked={value !== null}
          onChange={isOn => onChange(isOn ? office : null)}
        />
        {t('hoursOnly')}
      </span>
      {value ? (
        <>
          <Checkbox.Group
            aria-label={t('hours')}
            value={[...value.days]}
            options={days.map(day => ({ value: day, label: t(`day:${day}`) }))}
            onChange={chosen => onChange({ ...value, days: [...chosen].sort() })}
          />
          <span className="replies-row">
            {(['from', 'to'] as const).map(name => (
              <TimePicker
                key={name}
                format="HH:mm"
                allowClear={false}
                needConfirm={false}
                style={{ width: 130 }}
                aria-label={t(`hours:${name}`)}
                value={pickedFrom(`2000-01-01T${value[name]}`)}
                onChange={time => time && onChange({ ...value, [name]: time.format('HH:mm') })}
              />
            ))}
          </span>
        </>
      ) : null}
    </div>
  )
}
