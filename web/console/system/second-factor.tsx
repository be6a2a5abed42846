import { Alert, Button, Form, Input, Modal, Switch } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'
import './system.css'
import { State } from '../../ui/values/state.tsx'

const path = '/web/second-factor'
const setUp = '/signin?setup=second-factor&to=/console/system/second-factor'
const passkeys = '/portal?me=devices'
/** From here on the page says that new codes are due. */
const fewCodes = 3

type Status = Answer<typeof path>

/** The second factor of the own account, and whether all system accounts need one. */
export function Page(): ReactNode {
  const t = useText('system')
  const { data, error, refetch } = useRead(path)
  return (
    <>
      <PageTitle title={t('factorTitle')} hint={t('factorHint')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <div className="system-about">
          <Own {...data} />
          <Required {...data} />
        </div>
      ) : null}
    </>
  )
}

function Own(status: Status): ReactNode {
  const t = useText('system')
  const [asked, setAsked] = useState<'codes' | 'remove'>()
  const isLow = status.isOn && status.recoveryCodes <= fewCodes
  return (
    <Panel
      title={t('factorOwn')}
      extra={<State kind={status.isOn ? 'good' : 'idle'}>{t(status.isOn ? 'factorOn' : 'factorOff')}</State>}
    >
      {isLow ? <Alert type="warning" showIcon title={t('factorFewCodes')} /> : null}
      <p className="system-lead">
        {status.isOn ? t('factorCodesLeft', { n: status.recoveryCodes }) : t('factorWhy')}
      </p>
      <div className="system-ends">
        <Button type={status.isOn ? 'default' : 'primary'} href={setUp}>
          {t(status.hasAuthenticator ? 'factorOtherDevice' : 'factorSetUp')}
        </Button>
        {status.isOn ? <Button onClick={() => setAsked('codes')}>{t('factorNewCodes')}</Button> : null}
        {status.hasAuthenticator && !status.isRequired ? (
          <Button danger onClick={() => setAsked('remove')}>
            {t('factorTurnOff')}
          </Button>
        ) : null}
        <Button href={passkeys}>{t('factorPasskeys', { n: status.passkeys })}</Button>
      </div>
      <CodeDialog asked={asked} onClose={() => setAsked(undefined)} />
    </Panel>
  )
}

function CodeDialog(props: { asked: 'codes' | 'remove' | undefined; onClose(): void }): ReactNode {
  const t = useText('system')
  const textOf = useErrorText()
  const showOnce = useSecretOnce()
  const [form] = Form.useForm<{ code: string }>()
  const options = { refresh: [path], isQuiet: true }
  const renew = useAct('/web/second-factor/recovery-codes', options)
  const remove = useAct('/web/second-factor/remove', { ...options, done: t('factorTurnedOff') })
  const act = props.asked === 'remove' ? remove : renew
  const submit = async (given: { code: string }) => {
    if (props.asked === 'remove') {
      if (await remove.run(given)) props.onClose()
      return
    }
    const made = await renew.run(given)
    if (!made) return
    props.onClose()
    const secrets = made.recoveryCodes.map((value, n) => ({
      label: `${t('factorCode')} ${n + 1}`,
      value,
    }))
    await showOnce({ title: t('factorNewCodes'), secrets })
  }
  return (
    <Modal
      open={props.asked !== undefined}
      title={t(props.asked === 'remove' ? 'factorTurnOff' : 'factorNewCodes')}
      destroyOnHidden
      confirmLoading={act.isRunning}
      okButtonProps={{ danger: props.asked === 'remove' }}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <Form form={form} layout="vertical" preserve={false} onFinish={submit}>
        <p>{t(props.asked === 'remove' ? 'factorTurnOffHint' : 'factorNewCodesHint')}</p>
        {act.error ? <Alert type="error" showIcon title={textOf(act.error)} /> : null}
        <Form.Item name="code" label={t('factorGiveCode')} rules={[{ required: true }]}>
          <Input autoComplete="one-time-code" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function Required(status: Status): ReactNode {
  const t = useText('system')
  const id = useId()
  const act = useAct('/web/second-factor/require', {
    done: t('factorRuleSaved'),
    refresh: [path, '/web/session'],
    confirm: ({ required }) => ({
      title: t(required === '1' ? 'factorRequire' : 'factorRequireNot'),
      content: t(required === '1' ? 'factorRequireHint' : 'factorRequireNotHint'),
    }),
  })
  return (
    <Panel title={t('factorRule')}>
      <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
        <Switch
          aria-labelledby={id}
          checked={status.isRequired}
          loading={act.isRunning}
          onChange={isOn => void act.run({ required: isOn ? '1' : '0' })}
        />
        <span id={id}>{t('factorRequire')}</span>
      </span>
      <p className="wisp-quiet" style={{ marginBottom: 0 }}>
        {t('factorRuleHint')}
      </p>
    </Panel>
  )
}
