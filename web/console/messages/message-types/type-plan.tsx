import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { ChannelWord } from '../words.tsx'
import { isTried } from './plan-values.ts'
import { definitionOf, type TypeValues } from './type-values.ts'
import './types.css'

type T = Translator<'message-types'>

/** When a type goes out: its plan in order, one plain sentence each, and what would become of it for a member now. */
export function TypePlan({ values }: { values: TypeValues }): ReactNode {
  const t = useText('message-types')
  return (
    <>
      <ol className="wisp-type-plan" aria-label={t('when')}>
        {sentencesOf(t, values).map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>
          {t('planChannels')}
          {values.channels.map((channel, n) => (
            <span key={channel}>
              {n > 0 ? ' → ' : ''}
              <ChannelWord channel={channel} />
            </span>
          ))}
        </li>
        {(isTried(values.level, values.plan) ? values.plan.fallback : []).map(
          ({ after, unless, channel, leaderSees }) => (
            <li key={channel}>
              {t(`step_${unless}`, { n: after })}
              {channel === 'leader' ? (
                t(leaderSees ? 'stepToldWhole' : 'stepTold')
              ) : (
                <>
                  {t('stepBy')}
                  <ChannelWord channel={channel} />
                </>
              )}
            </li>
          ),
        )}
        {values.plan.receipt ? <li>{t('planReceipt')}</li> : null}
      </ol>
      {values.plan.private ? <p className="wisp-quiet">{t('planPrivate')}</p> : null}
      <p>
        <PageLink to="/console/todos/settings">{t('toQuietHours')}</PageLink>
      </p>
      <IfNow values={values} />
    </>
  )
}

function sentencesOf(t: T, { level, plan }: TypeValues): string[] {
  const { collects, minutes, at, first, isLimited, atMost, within, rest, expiresAfter } = plan
  if (level === 'urgent')
    return [t('planUrgent'), ...(expiresAfter ? [t('planExpires', { n: expiresAfter })] : [])]
  return [
    t(level === 'must' ? 'planMust' : 'planNormal'),
    ...(collects === 'minutes' ? [t(first ? 'planFirstMinutes' : 'planMinutes', { n: minutes })] : []),
    ...(collects === 'daily' ? [t(first ? 'planFirstDaily' : 'planDaily', { at })] : []),
    ...(isLimited ? [t(rest === 'drop' ? 'planDrop' : 'planDigest', { n: atMost, within })] : []),
    ...(level === 'normal' && expiresAfter ? [t('planExpires', { n: expiresAfter })] : []),
    t(level === 'must' ? 'planQuietMust' : 'planQuiet'),
  ]
}

const path = '/web/message-types/simulate'

function IfNow({ values }: { values: TypeValues }): ReactNode {
  const t = useText('message-types')
  const textOf = useErrorText()
  const [receiver, setReceiver] = useState<PickedMember[]>([])
  const userId = receiver[0]?.userId
  const { data, error } = useQuery({
    queryKey: [path, values, userId],
    queryFn: () => api.post(path, { definition: definitionOf(values), userId: userId! }),
    enabled: userId !== undefined,
    retry: false,
  })
  return (
    <section aria-label={t('ifNow')}>
      <div className="wisp-type-receiver">
        <span>{t('ifNow')}</span>
        <div>
          <MemberPicker single label={t('ifNow')} value={receiver} onChange={setReceiver} />
        </div>
      </div>
      {error ? <Alert type="warning" showIcon title={textOf(error)} /> : null}
      {data && userId ? (
        <Alert
          type={data.what === 'drop' || data.lost ? 'warning' : 'info'}
          showIcon
          title={
            <>
              {t(`now_${data.what}`, { time: data.until ? formatTime(data.until) : '' })}
              {data.channel ? (
                <>
                  {t('nowBy')}
                  <ChannelWord channel={data.channel} />
                </>
              ) : null}
            </>
          }
          description={[data.cause, data.lost].filter(Boolean).join('；') || undefined}
        />
      ) : null}
    </section>
  )
}
