import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Alert, Form, type FormInstance } from 'antd'
import { type ReactNode, useState } from 'react'
import { api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useLanguage } from '../../../ui/language.ts'
import { Panel } from '../../../ui/panel.tsx'
import { MemberPicker, type PickedMember, useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { type SignIn, type SignInValues, settingsOf } from './form-values.ts'

/** What the application would receive about somebody by the form as it stands, or why they could not enter. */
export function Preview(props: { signIn: SignIn; form: FormInstance<SignInValues> }): ReactNode {
  const t = useText('app-sign-in')
  const { signIn, form } = props
  const [people, setPeople] = useState<PickedMember[]>([])
  const kind = Form.useWatch('kind', form) ?? signIn.kind
  if (kind !== 'oidc' && kind !== 'cas') return null
  const [person] = people
  return (
    <Panel title={t('preview')}>
      <p className="wisp-quiet">{t('previewHint')}</p>
      <MemberPicker single value={people} onChange={setPeople} label={t('previewOf')} />
      {person ? <Shown id={signIn.appId} userId={person.userId} form={form} /> : null}
    </Panel>
  )
}

function Shown(props: { id: string; userId: string; form: FormInstance<SignInValues> }): ReactNode {
  const t = useText('app-sign-in')
  const textOf = useErrorText()
  const language = useLanguage()
  const { id, userId, form } = props
  Form.useWatch([], form)
  const typed = useSettled(JSON.stringify(settingsOf(form.getFieldsValue(true) as SignInValues)), 400)
  const { data, error } = useQuery({
    queryKey: ['/web/apps/sign-in/release', id, userId, typed, language],
    queryFn: () =>
      api.post('/web/apps/sign-in/release', {
        id,
        userId,
        settings: JSON.parse(typed) as ReturnType<typeof settingsOf>,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (error) return <Alert type="warning" showIcon className="sign-in-result" title={textOf(error)} />
  if (!data) return null
  if (data.whyNot)
    return (
      <Alert type="error" showIcon className="sign-in-result" title={t('cannot', { why: data.whyNot })} />
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
    <pre className="sign-in-code sign-in-result" tabIndex={0}>
      {data.text}
    </pre>
  )
}
