import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { readStored, writeChoice } from '../ui/data/stored.ts'
import { useText } from '../ui/text.ts'
import { Icon } from '../workbench/icons.tsx'
import { Failed } from '../workbench/states.tsx'
import { Field, PasswordField } from './field.tsx'
import { Notice } from './notice.tsx'
import { OpenInWecom } from './open-in-wecom.tsx'
import { SecondStep } from './second-step.tsx'
import { useForm } from './use-form.ts'
import { Waiting } from './waiting.tsx'
import { isInWecom, isPhoneBrowser, wecomAddress } from './where-to.ts'

type Corps = Answer<'/web/sign-in/options'>['corps']

/** Sign-in with WeCom comes first, because it is for everybody; the password is for the one account that has one. */
export function Entrances(props: { to: string | undefined; onSignedIn(password: string): void }): ReactNode {
  const t = useText('sign-in')
  const [wantsPassword, setWantsPassword] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/sign-in/options'],
    queryFn: () => api.get('/web/sign-in/options'),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  const corps = data.corps.filter(corp => corp.wecom)
  const isOnlyPassword = corps.length === 0
  return (
    <>
      {isOnlyPassword ? (
        <Notice kind="info" title={t(data.corps.length === 0 ? 'noCorp' : 'noAgent')} />
      ) : null}
      {!isOnlyPassword && isPhoneBrowser() ? <OpenInWecom to={props.to} /> : null}
      {isOnlyPassword || isPhoneBrowser() ? null : <WecomEntrance corps={corps} to={props.to} />}
      {isOnlyPassword ? null : <div className="sign-in-or">{t('or')}</div>}
      {isOnlyPassword || wantsPassword ? (
        <PasswordEntrance onSignedIn={props.onSignedIn} />
      ) : (
        <button type="button" className="wb-button sign-in-go" onClick={() => setWantsPassword(true)}>
          {t('admin')}
        </button>
      )}
    </>
  )
}

const lastCorp = 'wisp.sign-in-corp'

function WecomEntrance(props: { corps: Corps; to: string | undefined }): ReactNode {
  const t = useText('sign-in')
  const { corps } = props
  const [chosen, setChosen] = useState(() => readStored(lastCorp))
  const corp = corps.find(one => one.corpId === chosen) ?? corps[0]
  return (
    <>
      {corps.length > 1 ? (
        <select
          className="sign-in-corp"
          aria-label={t('chooseCorp')}
          value={corp?.corpId}
          onChange={event => {
            setChosen(event.target.value)
            writeChoice(lastCorp, event.target.value)
          }}
        >
          {corps.map(one => (
            <option key={one.corpId} value={one.corpId}>
              {one.name || one.corpId}
            </option>
          ))}
        </select>
      ) : null}
      <a className="wb-button wb-primary sign-in-go" href={wecomAddress(corp?.corpId, props.to)}>
        <Icon name="message" />
        {isInWecom() ? t('withWecom') : t('withWecomScan')}
      </a>
    </>
  )
}

const names = ['name', 'password'] as const

function PasswordEntrance(props: { onSignedIn(password: string): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [state, setState] = useState('')
  const [typed, setTyped] = useState('')
  const form = useForm(
    names,
    given => Object.fromEntries(names.flatMap(name => (given[name] === '' ? [[name, t('needed')]] : []))),
    async given => {
      const answer = await api.post('/web/sign-in/password', given)
      setTyped(given.password)
      if (answer.state === '') props.onSignedIn(given.password)
      else setState(answer.state)
    },
  )
  if (state !== '')
    return <SecondStep state={state} onSignedIn={() => props.onSignedIn(typed)} onBack={() => setState('')} />
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      <Field
        name="name"
        label={t('name')}
        error={form.errors.name}
        defaultValue="admin"
        autoComplete="username"
        autoCapitalize="none"
      />
      <PasswordField
        name="password"
        label={t('password')}
        error={form.errors.password}
        hint={t('adminHint')}
        autoComplete="current-password"
        autoFocus
      />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('signIn')}
      </button>
    </form>
  )
}
