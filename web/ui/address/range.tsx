import type { Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { RangePicker } from '../fields/dates.tsx'
import { useText } from '../text.ts'
import { clockAt, clockNow, momentPicked } from '../values/picked.ts'
import { useUrlState } from './url-state.ts'

const momentOf = (picked: Dayjs | null | undefined) => (picked ? momentPicked(picked) : undefined)

/** From when to when, on the corp's clocks; kept in the address as `from` and `to`. Either may be open. */
export function UrlRange(): ReactNode {
  const t = useText('common')
  const [values, set] = useUrlState()
  const { from, to } = values
  const now = clockNow()
  const midnight = now.startOf('day')
  return (
    <RangePicker
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      allowEmpty
      aria-label={t('range')}
      placeholder={[t('rangeFrom'), t('rangeTo')]}
      style={{ maxWidth: '100%', width: 330 }}
      value={[from ? clockAt(from) : null, to ? clockAt(to) : null]}
      presets={[
        { label: t('lastHour'), value: [now.subtract(1, 'hour'), null] },
        { label: t('today'), value: [midnight, null] },
        { label: t('last7'), value: [midnight.subtract(6, 'day'), null] },
        { label: t('last30'), value: [midnight.subtract(29, 'day'), null] },
      ]}
      onChange={range => set({ from: momentOf(range?.[0]), to: momentOf(range?.[1]), pageNo: undefined })}
    />
  )
}
