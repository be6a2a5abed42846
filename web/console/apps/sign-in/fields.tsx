import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { AutoComplete, Button, Checkbox, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { ClaimsField } from './claims-field.tsx'
import { groupKinds, type Kind, type SignIn } from './form-values.ts'

/** How the app signs people in; what of it is shown depends on the way. */
export function SignInFields({ signIn }: { signIn: SignIn }): ReactNode {
  const t = useText('app-sign-in')
  const kind = Form.useWatch<Kind | undefined>('kind') ?? signIn.kind
  const isProtocol = kind === 'oidc' || kind === 'cas'
  return (
    <>
      <Form.Item name="kind" label={t('kind')} extra={t(`kindHint_${kind}`)}>
        <Radio.Group
          className="sign-in-kinds"
          options={(['jession', 'oidc', 'cas', 'none'] as const).map(value => ({
            value,
            label: t(`kind_${value}`),
          }))}
        />
      </Form.Item>
      {kind === 'oidc' ? <RedirectField /> : null}
      {kind === 'cas' ? <ServicesField /> : null}
      {isProtocol ? (
        <>
          <Form.Item name="claims" label={t('claims')} extra={t('claimsHint')}>
            <ClaimsField names={signIn.claimNames} />
          </Form.Item>
          <Fold summary={t('advanced')}>
            {kind === 'oidc' ? <ClientFields /> : <CasFields />}
            <PersonFields signIn={signIn} isOidc={kind === 'oidc'} />
          </Fold>
        </>
      ) : null}
    </>
  )
}

function Toggle(props: { name: string; label: string; hint?: string }): ReactNode {
  const { name, label, hint } = props
  return (
    <Form.Item name={name} label={label} valuePropName="checked" {...(hint ? { extra: hint } : {})}>
      <Switch />
    </Form.Item>
  )
}

function Addresses(props: {
  name: string
  label: string
  hint: string
  placeholder: string
  isRequired?: boolean
}): ReactNode {
  const { name, label, hint, placeholder, isRequired } = props
  return (
    <Form.Item name={name} label={label} extra={hint} required={isRequired === true}>
      <Input.TextArea rows={3} placeholder={placeholder} spellCheck={false} />
    </Form.Item>
  )
}

function RedirectField(): ReactNode {
  const t = useText('app-sign-in')
  return (
    <Addresses
      {...{ name: 'redirectUris', label: t('redirectUris'), hint: t('redirectUrisHint') }}
      placeholder="https://app.example.com/oauth/callback"
      isRequired
    />
  )
}

function ServicesField(): ReactNode {
  const t = useText('app-sign-in')
  return (
    <Addresses
      {...{ name: 'services', label: t('services'), hint: t('servicesHint') }}
      placeholder="https://app.example.com/"
      isRequired
    />
  )
}

function ClientFields(): ReactNode {
  const t = useText('app-sign-in')
  return (
    <>
      <h3 className="apps-section">{t('client')}</h3>
      <Addresses
        {...{ name: 'postLogoutRedirectUris', label: t('postLogout'), hint: t('postLogoutHint') }}
        placeholder="https://app.example.com/"
      />
      <Form.Item name="logoutUri" label={t('logoutUri')} extra={t('logoutUriHint')}>
        <Input maxLength={2000} inputMode="url" placeholder="https://app.example.com/backchannel-logout" />
      </Form.Item>
      <Toggle name="isPublic" label={t('isPublic')} hint={t('isPublicHint')} />
      <Toggle name="refresh" label={t('refresh')} hint={t('refreshHint')} />
      <Toggle name="device" label={t('device')} hint={t('deviceHint')} />
      <Toggle name="privateSchemes" label={t('privateSchemes')} hint={t('privateSchemesHint')} />
      <Form.Item name="idTokenAlg" label={t('idTokenAlg')}>
        <Radio.Group options={['RS256', 'ES256']} />
      </Form.Item>
    </>
  )
}

function CasFields(): ReactNode {
  const t = useText('app-sign-in')
  return (
    <>
      <h3 className="apps-section">{t('servicesTitle')}</h3>
      <Toggle name="allowsHttp" label={t('allowsHttp')} hint={t('allowsHttpHint')} />
      <Form.Item name="ticketSeconds" label={t('ticketSeconds')} extra={t('ticketSecondsHint')}>
        <InputNumber min={10} max={300} precision={0} suffix={t('seconds')} style={{ width: 160 }} />
      </Form.Item>
      <Toggle name="attributesInV2" label={t('attributesInV2')} hint={t('attributesInV2Hint')} />
      <Toggle name="singleLogout" label={t('singleLogout')} hint={t('singleLogoutHint')} />
      <Form.Item name="logoutUri" label={t('casLogoutUri')} extra={t('casLogoutUriHint')}>
        <Input maxLength={2000} inputMode="url" />
      </Form.Item>
    </>
  )
}

function PersonFields({ signIn, isOidc }: { signIn: SignIn; isOidc: boolean }): ReactNode {
  const t = useText('app-sign-in')
  const options = signIn.fields.map(one => ({ value: one.field, label: `${one.name} (${one.field})` }))
  return (
    <>
      <h3 className="apps-section">{t('given')}</h3>
      <Form.Item name="relation" label={t('relation')} extra={t('relationHint')}>
        <Radio.Group
          className="sign-in-kinds"
          options={(['own', 'entrusted', 'third-party'] as const).map(value => ({
            value,
            label: t(`relation_${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="userNameField"
        label={t('userName')}
        extra={t(isOidc ? 'userNameHint' : 'userNameHintCas')}
      >
        <AutoComplete maxLength={64} options={options} style={{ maxWidth: 360 }} />
      </Form.Item>
      <Form.Item name="groups" label={t('groups')} extra={t('groupsHint')}>
        <Checkbox.Group
          options={groupKinds.map(value => ({
            value,
            label: t(`groups_${value}`),
          }))}
        />
      </Form.Item>
      <Attributes options={options} />
      <h3 className="apps-section">{t('howSure')}</h3>
      <Form.Item name="leastAcr" label={t('leastAcr')} extra={t('leastAcrHint')}>
        <Select
          style={{ maxWidth: 360 }}
          options={([1, 2, 3] as const).map(value => ({ value, label: t(`acr_${value}`) }))}
        />
      </Form.Item>
      <Toggle name="isFramed" label={t('isFramed')} hint={t('isFramedHint')} />
    </>
  )
}

function Attributes(props: { options: { value: string; label: string }[] }): ReactNode {
  const t = useText('app-sign-in')
  return (
    <Form.Item label={t('attributes')} extra={t('attributesHint')}>
      <Form.List name="attributes">
        {(rows, { add, remove }) => (
          <div className="sign-in-attributes">
            {rows.map(({ key, name }) => (
              <div key={key} className="sign-in-attribute">
                <Form.Item name={[name, 'name']} noStyle>
                  <Input maxLength={64} placeholder={t('attributeName')} aria-label={t('attributeName')} />
                </Form.Item>
                <Form.Item name={[name, 'field']} noStyle>
                  <AutoComplete
                    options={props.options}
                    placeholder={t('attributeField')}
                    aria-label={t('attributeField')}
                  />
                </Form.Item>
                <Form.Item name={[name, 'purpose']} noStyle>
                  <Input maxLength={200} placeholder={t('purposeHint')} aria-label={t('purpose')} />
                </Form.Item>
                <Button
                  type="text"
                  aria-label={t('attributeRemove')}
                  icon={<DeleteOutlined />}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button
              type="dashed"
              icon={<PlusOutlined />}
              onClick={() => add({ name: '', field: '', purpose: '' })}
            >
              {t('attributeAdd')}
            </Button>
          </div>
        )}
      </Form.List>
    </Form.Item>
  )
}
