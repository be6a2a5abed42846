import { InputNumber } from 'antd'
import type { ReactNode } from 'react'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import './limits.css'

export type CallGroup = Answer<'/web/developers/limits'>['groups'][number]['group']
export type GivenLimits = CallInput<'/web/developers/limits/save'>['limits']

type Numbers = { perMinute: number | null; perDay: number | null }

/** A form control for the limits of all groups, two numbers each. What is empty is inherited, which stands in the field in grey. */
export function LimitFields(props: {
  groups: readonly { group: CallGroup; inherited: { perMinute: number; perDay: number } }[]
  value?: GivenLimits
  onChange?(value: GivenLimits): void
}): ReactNode {
  const t = useText('limits')
  const { groups, value: values = {}, onChange } = props
  const field = (group: CallGroup, name: keyof Numbers, inherited: number) => (
    <InputNumber<number | string>
      min={1}
      max={1_000_000_000}
      precision={0}
      controls={false}
      style={{ width: '100%' }}
      aria-label={t(name === 'perMinute' ? 'fieldMinute' : 'fieldDay', { group: t(group) })}
      placeholder={grouped(inherited)}
      formatter={value => (value === undefined ? '' : grouped(value))}
      parser={text => (text ?? '').replace(/\D/g, '')}
      value={values[group]?.[name] ?? null}
      onChange={value =>
        onChange?.({ ...values, [group]: { ...none, ...values[group], [name]: Number(value) || null } })
      }
    />
  )
  return (
    <div className="limits-fields">
      <span className="wisp-quiet">{t('group')}</span>
      <span className="wisp-quiet">{t('perMinute')}</span>
      <span className="wisp-quiet">{t('perDay')}</span>
      {groups.map(({ group, inherited }) => (
        <div key={group} className="limits-line">
          <span>{t(group)}</span>
          {field(group, 'perMinute', inherited.perMinute)}
          {field(group, 'perDay', inherited.perDay)}
        </div>
      ))}
    </div>
  )
}

const none: Numbers = { perMinute: null, perDay: null }

/** Digits in threes, which the field takes back. */
function grouped(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** What was set, as the fields hold it. */
export function valuesOf(groups: readonly { group: CallGroup; own: Numbers }[]): GivenLimits {
  return Object.fromEntries(groups.map(({ group, own }) => [group, own]))
}
