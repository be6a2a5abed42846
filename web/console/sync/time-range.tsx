import { Input } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useText } from '../../ui/text.ts'

/** A start and an end, kept in the address as ISO times. */
export function TimeRange(): ReactNode {
  const t = useText('sync')
  return (
    <>
      <Moment name="from" label={t('from')} />
      <Moment name="to" label={t('to')} />
    </>
  )
}

function Moment(props: { name: 'from' | 'to'; label: string }): ReactNode {
  const t = useText('sync')
  const [values, set] = useUrlState()
  const given = values[props.name]
  return (
    <Input
      type="datetime-local"
      prefix={<span className="wisp-quiet">{props.label}</span>}
      aria-label={`${t('fromTo')} ${props.label}`}
      style={{ width: 216, maxWidth: '100%' }}
      value={given ? toLocal(new Date(given)) : ''}
      onChange={event => {
        const at = new Date(event.target.value)
        const isGiven = !Number.isNaN(at.getTime())
        set({ [props.name]: isGiven ? at.toISOString() : undefined, pageNo: undefined })
      }}
    />
  )
}

/** Local time as 2026-11-25T09:30, the format of the browser's input field. */
function toLocal(at: Date): string {
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
