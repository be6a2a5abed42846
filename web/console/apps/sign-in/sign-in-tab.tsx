import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { ConnectProgram } from '../programs/connect-program.tsx'
import { useFresh, useKeepFresh } from '../programs/fresh.ts'
import { Addresses } from './addresses.tsx'
import { Configurations } from './configurations.tsx'
import { SignInFields } from './fields.tsx'
import { fieldsOfSignIn, type SignIn, type SignInValues, settingsOf, valuesOf } from './form-values.ts'
import { LdapPart } from './ldap.tsx'
import { Preview } from './preview.tsx'
import { AppLogouts, AppSessions } from './sessions.tsx'
import './sign-in.css'

const refresh = ['/web/apps/sign-in']

/** How an app signs people in. */
export function SignInTab({ id }: { id: string }): ReactNode {
  const read = useRead('/web/apps/sign-in', { id })
  const [t, ldap] = [useText('app-sign-in'), useText('ldap')]
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={480} />
  const known = <Known key={id} signIn={read.data} reread={() => read.refetch()} />
  return (
    <Parts
      name="part"
      keepsFirst
      parts={[
        { key: 'way', title: t('kind'), children: known },
        { key: 'ldap', title: ldap('title'), children: <LdapPart id={id} /> },
      ]}
    />
  )
}

function Known({ signIn, reread }: { signIn: SignIn; reread(): Promise<unknown> }): ReactNode {
  const t = useText('app-sign-in')
  const fresh = useFresh(signIn.appId)
  const keepFresh = useKeepFresh()
  const object = useObjectForm<SignInValues, '/web/apps/sign-in/save', number>('/web/apps/sign-in/save', {
    shown: valuesOf(signIn),
    version: signIn.version,
    labels: useLabels(),
    fields: fieldsOfSignIn,
    reread,
    done: t('saved'),
    refresh,
  })
  const save = async (values: SignInValues) => {
    const saved = await object.run({
      id: signIn.appId,
      version: object.version,
      settings: settingsOf(values),
    })
    if (saved?.clientSecret) keepFresh(signIn.appId, { secret: saved.clientSecret })
  }
  const isProtocol = signIn.kind === 'oidc' || signIn.kind === 'cas'
  return (
    <div className="sign-in-columns">
      {isProtocol && fresh ? (
        <div className="sign-in-below">
          <Configurations id={signIn.appId} fresh={fresh} />
        </div>
      ) : null}
      <div className="sign-in-main">
        <OwnerNews signIn={signIn} />
        {isProtocol ? null : <ConnectProgram signIn={signIn} />}
        <Panel>
          <ObjectForm object={object} save={values => void save(values)} name="sign-in">
            <SignInFields signIn={signIn} />
          </ObjectForm>
        </Panel>
      </div>
      <div className="sign-in-side">
        {isProtocol ? <Addresses signIn={signIn} /> : null}
        <Preview signIn={signIn} form={object.form} />
      </div>
      {isProtocol ? (
        <div className="sign-in-below">
          {fresh ? null : <Configurations id={signIn.appId} />}
          <AppSessions id={signIn.appId} />
          <AppLogouts id={signIn.appId} />
        </div>
      ) : null}
    </div>
  )
}

/** What an owner has changed since an administrator looked last. */
function OwnerNews({ signIn }: { signIn: SignIn }): ReactNode {
  const t = useText('app-sign-in')
  const labels = useLabels()
  const act = useAct('/web/apps/sign-in/review', {
    done: t('reviewed'),
    refresh: [...refresh, '/web/alerts'],
  })
  const { ownerChange, appId } = signIn
  if (!ownerChange) return null
  const nameOf = (field: string) => {
    const label = labels[field as keyof typeof labels]
    return typeof label === 'string' ? label : field
  }
  return (
    <Alert
      type="warning"
      showIcon
      className="sign-in-news"
      title={t('ownerChanged', {
        name: ownerChange.by,
        what: ownerChange.fields.map(nameOf).join('、'),
        at: formatTime(ownerChange.at),
      })}
      action={
        <Button size="small" loading={act.isRunning} onClick={() => void act.run({ id: appId })}>
          {t('review')}
        </Button>
      }
    />
  )
}

function useLabels() {
  const t = useText('app-sign-in')
  return {
    kind: { label: t('kind'), tell: (kind: SignInValues['kind']) => t(`kind_${kind}`) },
    relation: {
      label: t('relation'),
      tell: (relation: SignInValues['relation']) => t(`relation_${relation}`),
    },
    isFramed: t('isFramed'),
    leastAcr: t('leastAcr'),
    userNameField: t('userName'),
    claims: {
      label: t('claims'),
      tell: (claims: SignInValues['claims']) => claims.map(one => one.name).join('、'),
    },
    attributes: {
      label: t('attributes'),
      tell: (attributes: SignInValues['attributes']) => attributes.map(one => one.name).join('、'),
    },
    groups: t('groups'),
    redirectUris: t('redirectUris'),
    postLogoutRedirectUris: t('postLogout'),
    services: t('services'),
    logoutUri: t('logoutUri'),
    isPublic: t('isPublic'),
    privateSchemes: t('privateSchemes'),
    refresh: t('refresh'),
    device: t('device'),
    idTokenAlg: t('idTokenAlg'),
    allowsHttp: t('allowsHttp'),
    ticketSeconds: t('ticketSeconds'),
    attributesInV2: t('attributesInV2'),
    singleLogout: t('singleLogout'),
  }
}
