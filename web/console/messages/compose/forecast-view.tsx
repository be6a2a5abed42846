import { Alert } from 'antd'
import type { ReactNode } from 'react'
import type { Forecast } from '../../../../server/features/messages/accept/foresee/forecast.ts'
import { useText } from '../../../ui/text.ts'
import { formatDuration, formatTime } from '../../../ui/values/format.ts'

export function lostOf(forecast: Forecast): number {
  return forecast.unreachable.reduce((sum, one) => sum + one.persons, 0)
}

/** Shows what a send would do, before anything is sent. */
export function ForecastView(props: { forecast: Forecast }): ReactNode {
  const t = useText('messages')
  const { persons, calls, seconds, unreachable, unseen, invalid, day, pace, missing } = props.forecast
  const unknown = [
    ...invalid.users,
    ...invalid.parties,
    ...invalid.tags,
    ...(invalid.groups ?? []),
    ...(invalid.places ?? []),
  ]
  const time = seconds < 2 ? t('forecastSoon') : t('forecastTime', { time: formatDuration(seconds * 1000) })
  const lost = lostOf(props.forecast)
  const isFine = lost + unseen.length === 0 && unknown.length === 0 && !missing && !day?.restAt && !pace
  return (
    <Alert
      type={missing ? 'error' : isFine ? 'success' : 'warning'}
      showIcon
      role="status"
      title={t('forecast')}
      description={
        <>
          {missing ? <div>{t('forecastMissing', { reason: missing })}</div> : null}
          <div>{t('forecastPersons', { n: persons, calls })}</div>
          {lost > 0 ? <div>{t('forecastReached', { n: persons - lost })}</div> : null}
          <div>{time}</div>
          {unreachable.map(one => (
            <div key={one.reason}>{t('forecastLost', { n: one.persons, reason: one.reason })}</div>
          ))}
          {unseen.map(one => (
            <div key={one.reason}>{t('forecastUnseen', { n: one.persons, reason: one.reason })}</div>
          ))}
          {unknown.length > 0 ? <div>{t('forecastInvalid', { ids: unknown.join(', ') })}</div> : null}
          {pace ? <div>{t('forecastPace', { n: pace.persons, at: formatTime(pace.until) })}</div> : null}
          {day?.restAt ? (
            <div>{t('forecastDay', { left: day.left, needed: day.needed, at: formatTime(day.restAt) })}</div>
          ) : null}
        </>
      }
    />
  )
}
