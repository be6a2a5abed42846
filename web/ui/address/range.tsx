import dayjs from 'dayjs'
import type { ReactNode } from 'react'
import { RangePicker } from '../fields/dates.tsx'
import { useText } from '../text.ts'
import { useUrlState } from './url-state.ts'

/** From when to when, in the reader's time zone; kept in the address as `from` and `to`. Either may be open. */
export function UrlRange(): ReactNode {
  const t = useText('common')
  const [values, set] = useUrlState()
  const { from, to } = values
  const now = dayjs()
  const midnight = now.startOf('day')
  return (
    <RangePicker
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      allowEmpty
      aria-label={t('range')}
      placeholder={[t('rangeFrom'), t('rangeTo')]}
      style={{ maxWidth: '100%', width: 330 }}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      presets={[
        { label: t('lastHour'), value: [now.subtract(1, 'hour'), null] },
        { label: t('today'), value: [midnight, null] },
        { label: t('last7'), value: [midnight.subtract(6, 'day'), null] },
        { label: t('last30'), value: [midnight.subtract(29, 'day'), null] },
      ]}
      onChange={range =>
        set({ from: range?.[0]?.toISOString(), to: range?.[1]?.toISOString(), pageNo: undefined })
      }
    />
  )
}
