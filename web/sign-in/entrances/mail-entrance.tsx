import { type ReactNode, useState } from 'react'
import { api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { Field } from '../field.tsx'
import { Notice } from '../notice.tsx'
import { useForm } from '../use-form.ts'

const names = ['email'] as const
/** As the server has it: a page with a longer address is opened once more by hand. */
const toAtMost = 1500

/** A link by mail, for people from outside WeCom. It is opened in this browser, so that there is nothing to do here afterwards. */
export function MailEntrance(props: { corpId: string; to: string | undefined }): ReactNode {
  const { corpId, to = '' } = props
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [sent, setSent] = useState<string>()
  const form = useForm(
    names,
    ({ email }): { email?: string } => (email.trim() === '' ? { email: t('needed') } : {}),
    async ({ email }) => {
      await api.post('/web/sign-in/mail', { corpId, email, ...(to.length <= toAtMost ? { to } : {}) })
      setSent(email)
    },
  )
  if (sent !== undefined)
    return (
      <>
        <h2>{t('mailTitle')}</h2>
        <p className="wb-quiet sign-in-lead" role="status">
          {t('mailSent', { email: sent })}
        </p>
      </>
    )
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <div role="alert">{form.failure ? <Notice kind="bad" title={textOf(form.failure)} /> : null}</div>
      <Field
        name="email"
        label={t('mailAddress')}
        hint={t('mailHint')}
        error={form.errors.email}
        inputMode="email"
        autoComplete="email"
        autoFocus
      />
      <button type="submit" className="wb-button wb-primary sign-in-go" disabled={form.isBusy}>
        {t('mailLink')}
      </button>
    </form>
  )
}
