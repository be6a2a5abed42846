import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import type { FieldsOf } from '../../../ui/data/form-act.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import { linesOf } from '../../apps/sign-in/form-values.ts'
import type { OwnSignIn } from './own-sign-in.ts'

type Values = { addresses: string; postLogout: string; logoutUri: string }

const fields: FieldsOf = {
  named: {
    redirectUris: 'addresses',
    services: 'addresses',
    addresses: 'addresses',
    postLogoutRedirectUris: 'postLogout',
    logoutUri: 'logoutUri',
  },
}

/** The addresses of an app, which its owners change by themselves. */
export function AddressForm(props: {
  devId: string
  signIn: OwnSignIn
  reread(): Promise<unknown>
}): ReactNode {
  const t = useText('app-sign-in')
  const { devId, signIn, reread } = props
  const { oidc, cas, appId, version } = signIn
  const label = t(oidc ? 'redirectUris' : 'services')
  const object = useObjectForm<Values, '/web/developers/app-sign-ins/save', number>(
    '/web/developers/app-sign-ins/save',
    {
      shown: {
        addresses: (oidc?.redirectUris ?? cas?.services ?? []).join('\n'),
        postLogout: (oidc?.postLogoutRedirectUris ?? []).join('\n'),
        logoutUri: oidc?.logoutUri ?? cas?.logoutUri ?? '',
      },
      version,
      labels: { addresses: label, postLogout: t('postLogout'), logoutUri: t('logoutUri') },
      fields,
      reread,
      done: t('ownSaved'),
      refresh: ['/web/developers/app-sign-ins'],
    },
  )
  const save = (values: Values) =>
    object.run({
      devId,
      id: appId,
      version: object.version,
      addresses: linesOf(values.addresses),
      postLogoutRedirectUris: linesOf(values.postLogout),
      logoutUri: values.logoutUri.trim(),
    })
  return (
    <ObjectForm object={object} save={values => void save(values)} name={`sign-in-${appId}`}>
      <Form.Item name="addresses" label={label} extra={t(oidc ? 'redirectUrisHint' : 'servicesHint')}>
        <Input.TextArea rows={3} spellCheck={false} />
      </Form.Item>
      {oidc ? (
        <Form.Item name="postLogout" label={t('postLogout')} extra={t('postLogoutHint')}>
          <Input.TextArea rows={2} spellCheck={false} />
        </Form.Item>
      ) : null}
      <Form.Item
        name="logoutUri"
        label={t('logoutUri')}
        extra={t(oidc ? 'logoutUriHint' : 'casLogoutUriHint')}
      >
        <Input maxLength={2000} inputMode="url" />
      </Form.Item>
    </ObjectForm>
  )
}
