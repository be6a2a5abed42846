import { Alert, Button, Descriptions } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../../ui/address/drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton, CopyId } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import '../system.css'

const DestinationForm = later(async () => (await import('./destination-form.tsx')).DestinationForm)

const GrantList = later(async () => (await import('./grants.tsx')).GrantList)

const path = '/web/audit/integrity'
const soonMs = 2000
type View = Answer<typeof path>

/** Whether the audit log can have been changed unseen: its tree, the checkpoints, and what the last verification found. */
export function Page(): ReactNode {
  const t = useText('integrity')
  const system = useText('system')
  const { isSystem } = useSession()
  const [values] = useUrlState()
  const scope = isSystem && values['scope'] === 'installation' ? 'installation' : 'corp'
  const isBusy = (view: View | undefined) => view?.verification?.endedAt === null
  const { data, error, refetch } = useRead(
    path,
    { scope },
    { every: view => (isBusy(view) ? soonMs : false) },
  )
  const verify = useAct('/web/audit/integrity/verify', { done: t('started'), refresh: [path] })
  const [open, setOpen] = useState<'destination' | 'grants'>()
  const close = () => setOpen(undefined)
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          <>
            {isSystem ? (
              <UrlSelect
                name="scope"
                label={system('corpScope')}
                width={120}
                options={[{ value: 'installation', label: system('allCorps') }]}
              />
            ) : null}
            <Button onClick={() => setOpen('grants')}>{t('grants')}</Button>
            <Button onClick={() => setOpen('destination')}>{t('change')}</Button>
            <Button
              type="primary"
              loading={verify.isRunning || isBusy(data)}
              onClick={() => void verify.run({ scope })}
            >
              {t('verify')}
            </Button>
          </>
        }
      />
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading height={400} /> : null}
      {data ? <Shown {...data} /> : null}
      {data ? (
        <SideDrawer isOpen={open === 'destination'} title={t('change')} close={close}>
          <DestinationForm scope={scope} view={data} done={close} />
        </SideDrawer>
      ) : null}
      <SideDrawer isOpen={open === 'grants'} title={t('grants')} close={close}>
        <GrantList scope={scope} done={close} />
      </SideDrawer>
    </>
  )
}

function Shown(view: View): ReactNode {
  const t = useText('integrity')
  return (
    <div className="system-about">
      {view.isProved ? null : (
        <Alert type="warning" showIcon title={t('notProved')} description={t('notProvedHint')} />
      )}
      <Panel title={t('state')}>
        <Facts {...view} />
      </Panel>
      {view.verification?.findings.length ? (
        <Alert
          type="error"
          showIcon
          title={t('found', { n: view.verification.found })}
          description={
            <ul>
              {view.verification.findings.map(one => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          }
        />
      ) : null}
      <Panel title={t('checkpoints')}>
        <Checkpoints {...view} />
      </Panel>
    </div>
  )
}

function Facts(view: View): ReactNode {
  const t = useText('integrity')
  const {
    size,
    waiting,
    isEntering,
    url,
    members,
    mails,
    receiverName,
    bucket,
    sentAt,
    problem,
    verifierKey,
  } = view
  const place = bucket ? `${bucket.bucket}/${bucket.prefix}` : ''
  const to = [url, receiverName, place, ...members, ...mails].filter(Boolean).join(', ')
  return (
    <Descriptions
      column={1}
      size="small"
      items={[
        {
          key: 'size',
          label: t('size'),
          children: [
            t('entries', { n: size }),
            ...(waiting > 0 ? [t('waiting', { n: waiting })] : []),
            ...(isEntering ? [t('entering')] : []),
          ].join(' · '),
        },
        { key: 'verification', label: t('verification'), children: <Verification {...view} /> },
        { key: 'grants', label: t('grantsCompared'), children: <Grants {...view} /> },
        {
          key: 'destination',
          label: t('destination'),
          children: (
            <span>
              {to || t('nobody')} {to ? <Time at={sentAt} none={t('never')} /> : null}{' '}
              {view.isProved ? <State kind="good">{t('proved')}</State> : null}
              {problem ? (
                <State kind="bad">
                  {t('notSent')}: {problem}
                </State>
              ) : null}
            </span>
          ),
        },
        ...(verifierKey ? [{ key: 'vkey', label: t('vkey'), children: <CopyId value={verifierKey} /> }] : []),
      ]}
    />
  )
}

function Grants({ grants }: View): ReactNode {
  const t = useText('integrity')
  if (!grants) return t('grantsNever')
  const { found, held, confirmedAt, checkedAt } = grants
  const isOpen = confirmedAt === null
  const words =
    found > 0 ? t('grantsFound', { n: found }) : isOpen ? t('grantsOpen') : t('grantsGood', { n: held })
  return (
    <span>
      <State kind={found > 0 ? 'bad' : isOpen ? 'warn' : 'good'}>{words}</State> <Time at={checkedAt} />
    </span>
  )
}

function Verification({ verification }: View): ReactNode {
  const t = useText('integrity')
  if (!verification) return t('never')
  const { endedAt, checked, size, found, problem } = verification
  if (endedAt === null) return <State kind="busy">{t('running', { done: checked, all: size })}</State>
  if (problem)
    return (
      <State kind="bad">
        {t('failed')}: {problem}
      </State>
    )
  return (
    <span>
      <State kind={found > 0 ? 'bad' : 'good'}>{found > 0 ? t('found', { n: found }) : t('good')}</State>{' '}
      <Time at={endedAt} />
    </span>
  )
}

function Checkpoints({ checkpoints }: View): ReactNode {
  const t = useText('integrity')
  if (checkpoints.length === 0) return <p className="wisp-quiet">{t('none')}</p>
  const causes = {
    hour: t('cause:hour'),
    export: t('cause:export'),
    asked: t('cause:asked'),
    'break-glass': t('cause:break-glass'),
  }
  return (
    <table className="system-changes">
      <thead>
        <tr>
          <th scope="col">{t('time')}</th>
          <th scope="col">{t('size')}</th>
          <th scope="col">{t('causeTitle')}</th>
          <th scope="col">{t('copied')}</th>
        </tr>
      </thead>
      <tbody>
        {checkpoints.map(({ number, at, size, cause, note }) => (
          <tr key={number}>
            <td>
              <Time at={at} />
            </td>
            <td>{size}</td>
            <td>{causes[cause as keyof typeof causes] ?? cause}</td>
            <td>
              <CopyButton value={note} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
