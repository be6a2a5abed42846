import { Alert, Switch } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import './features.css'

const path = '/web/features'

/** Pages of use while a feature is off, when no navigation leads to them. */
const stillUsable = {
  official: [{ to: '/console/official/pushes', name: 'officialPushes' }],
  payments: [
    { to: '/console/payments/bills', name: 'payBills' },
    { to: '/console/payments/refunds', name: 'payRefunds' },
    { to: '/console/payments/reconciliation', name: 'payReconciliation' },
    { to: '/console/payments/merchants', name: 'payMerchants' },
    { to: '/console/payments/notifications', name: 'payNotifications' },
  ],
} as const

type Feature = Answer<typeof path>['list'][number]

/** What the corp uses of wisp; the rest is not there. */
export function Page(): ReactNode {
  const t = useText('corps')
  const { data, error, refetch } = useRead(path)
  return (
    <>
      <PageTitle title={t('features')} hint={t('featuresHint')} />
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading height={320} /> : null}
      {data ? (
        <Panel>
          <ul className="corp-features">
            {data.list.map(one => (
              <li key={one.name}>
                <FeatureRow {...one} />
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </>
  )
}

function FeatureRow(feature: Feature): ReactNode {
  const t = useText('corps')
  const { title, brings, isOn, keptOnBy, next } = feature
  const { run, isRunning } = useSwitch(feature)
  const isKept = isOn && keptOnBy.length > 0
  return (
    <>
      <div className="corp-feature-words">
        <h2>{title}</h2>
        <p>{brings}</p>
        {isKept ? <p>{t('featureKept', { why: keptOnBy.join('；') })}</p> : null}
        {isOn ? null : <StillUsable name={feature.name} />}
      </div>
      <Switch
        aria-label={title}
        checked={isOn}
        disabled={isKept}
        loading={isRunning}
        checkedChildren={t('featureOn')}
        unCheckedChildren={t('featureOff')}
        onChange={on => void run({ feature: feature.name, on: on ? '1' : '0' })}
      />
      {next ? <NextStep {...next} /> : null}
    </>
  )
}

/** What is switched on and cannot work yet leads to where it is set up. */
function NextStep({ what, fix, act, path: to }: NonNullable<Feature['next']>): ReactNode {
  return (
    <Alert
      className="corp-feature-next"
      type="warning"
      showIcon
      title={
        <>
          <p>{what}</p>
          <p>
            {fix} <PageLink to={to}>{act}</PageLink>
          </p>
        </>
      }
    />
  )
}

/** Switching off says first what goes on, and what stops. */
function useSwitch({ title, goesOn }: Feature) {
  const t = useText('corps')
  return useAct('/web/features/switch', {
    refresh: [path, '/web/session'],
    confirm: ({ on }) =>
      on === '1'
        ? undefined
        : {
            title: t('featureOffTitle', { title }),
            okText: t('featureSwitchOff'),
            content: (
              <ul className="corp-feature-goes-on">
                <li>{t('featureOffStops')}</li>
                {goesOn.map(one => (
                  <li key={one}>{one}</li>
                ))}
                <li>{t('featureOffKeeps')}</li>
              </ul>
            ),
          },
  })
}

function StillUsable(props: { name: string }): ReactNode {
  const t = useText('corps')
  const names = useText('console')
  if (!(props.name in stillUsable)) return null
  return (
    <p>
      {t('featureStillUsable')}
      {stillUsable[props.name as keyof typeof stillUsable].map(({ to, name }) => (
        <PageLink key={to} to={to}>
          {names(name)}
        </PageLink>
      ))}
    </p>
  )
}
