import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { usePageName } from '../ui/page-name.ts'
import { useText } from '../ui/text.ts'
import { selectText, writeClipboard } from '../ui/values/clipboard.ts'
import { QrCode } from '../ui/values/qr-code.tsx'
import { Failed } from '../workbench/states.tsx'
import { Field, PasswordField } from './field.tsx'
import { Notice } from './notice.tsx'
import { CodeField } from './second-step.tsx'
import { useForm } from './use-form.ts'
import { Waiting } from './waiting.tsx'

type Setup = Answer<'/web/second-factor/begin'>

/**
 * Sets up the second factor in three steps: who one is, the code of the device, the recovery codes to keep. `known`: the password, where
 * it was typed just now; `onBack` leaves without it.
 */
export function Enrol(props: {
  known: string
  isMember: boolean
  isRequired: boolean
  /** What members do first who have not proved themselves in the last minutes. */
  confirm: ReactNode
  onDone(): void
  onBack(): void
}): ReactNode {
  const t = useText('sign-in')
  usePageName(t('enrolTitle'))
  const [setup, setSetup] = useState<Setup>()
  const [codes, setCodes] = useState<readonly string[]>()
  if (codes) return <RecoveryCodes codes={codes} onDone={props.onDone} />
  const way = (
    <div className="sign-in-ways">
      <button type="button" className="wb-link" onClick={props.onBack}>
        {t(props.isRequired ? 'otherAccount' : 'notNow')}
      </button>
    </div>
  )
  return (
    <>
      {setup ? <Device setup={setup} onDone={setCodes} /> : <Proof {...props} onDone={setSetup} />}
      {way}
    </>
  )
}

const proofNames = ['proof'] as const

function Proof(props: {
  known: string
  isMember: boolean
  isRequired: boolean
  confirm: ReactNode
  onDone(setup: Setup): void
}): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const { known } = props
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/second-factor'],
    queryFn: () => api.get('/web/second-factor'),
  })
  // Who proved themselves just now is asked for nothing; a member who has no second factor yet has nothing else to show.
  const isAsked = data !== undefined && !data.isFresh
  const form = useForm(
    proofNames,
    (given): { proof?: string } =>
      given.proof === '' && isAsked && (known === '' || data?.isOn) ? { proof: t('needed') } : {},
    async given => props.onDone(await api.post('/web/second-factor/begin', { proof: given.proof || known })),
  )
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  if (props.isMember && isAsked && !data.isOn) return props.confirm
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <h2>{t('enrolTitle')}</h2>
      <p className="wb-quiet sign-in-lead">
        {t(props.isRequired ? 'enrolRequired' : props.isMember ? 'enrolHintMember' : 'enrolHint')}
      </p>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      {!isAsked ? null : data.isOn ? (
        <Field name="proof" label={t('presentCode')} error={form.errors.proof} autoComplete="off" autoFocus />
      ) : known !== '' ? null : (
        <PasswordField
          name="proof"
          label={t('current')}
          hint={t('proofHint')}
          error={form.errors.proof}
          autoComplete="current-password"
          autoFocus
        />
      )}
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('next')}
      </button>
    </form>
  )
}

const codeNames = ['code'] as const

function Device(props: { setup: Setup; onDone(codes: readonly string[]): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const { setup, secret, uri } = props.setup
  const form = useForm(
    codeNames,
    (given): { code?: string } => (given.code === '' ? { code: t('needed') } : {}),
    async ({ code }) => {
      const { recoveryCodes } = await api.post('/web/second-factor/finish', { setup, code })
      props.onDone(recoveryCodes)
    },
  )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <h2>{t('scanTitle')}</h2>
      <p className="wb-quiet sign-in-lead">{t('scanHint')}</p>
      <QrCode value={uri} label={t('qrCode')} />
      <p className="sign-in-secret">
        <span className="wb-quiet">{t('secretKey')}</span>
        <code>{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
      </p>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      <CodeField error={form.errors.code} />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('turnOn')}
      </button>
    </form>
  )
}

function RecoveryCodes(props: { codes: readonly string[]; onDone(): void }): ReactNode {
  const t = useText('sign-in')
  const list = useRef<HTMLUListElement>(null)
  const [copied, setCopied] = useState<'copied' | 'copyFailed'>()
  const copy = async () => {
    const isCopied = await writeClipboard(props.codes.join('\n'))
    if (!isCopied && list.current) selectText(list.current)
    setCopied(isCopied ? 'copied' : 'copyFailed')
  }
  return (
    <>
      <h2>{t('codesTitle')}</h2>
      <p className="wb-quiet sign-in-lead">{t('codesHint')}</p>
      <ul ref={list} className="sign-in-recovery" aria-label={t('codesTitle')}>
        {props.codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" className="wb-button sign-in-go" onClick={() => void copy()}>
        <span aria-live="polite">{t(copied ?? 'copyCodes')}</span>
      </button>
      <button type="button" className="wb-button wb-primary sign-in-go" onClick={props.onDone}>
        {t('codesSaved')}
      </button>
    </>
  )
}
