import { WechatWorkOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Divider, Form, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { api } from '../ui/api.ts'
import { ErrorState, Loading, useErrorText } from '../ui/feedback.tsx'
import { readStored, writeChoice } from '../ui/stored.ts'
import { useText } from '../ui/text.ts'
import { isInWecom, wecomAddress } from './where-to.ts'

type Options = { corps: { corpId: string; name: string; wecom: boolean }[] }

/** WeCom first, for everybody; the password below, for the one account that has one. */
export function Entrances(props: { to: string | undefined; onSignedIn(): void }): ReactNode {
  const t = useText('sign-in')
  const [wantsPassword, setWantsPassword] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/sign-in/options'],
    queryFn: () => api.get<Options>('/web/sign-in/options'),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const corps = data.corps.filter(corp => corp.wecom)
  const isOnlyPassword = corps.length === 0
  return (
    <>
      {isOnlyPassword ? (
        <Alert
          type="info"
          showIcon
          title={t(data.corps.length === 0 ? 'noCorp' : 'noAgent')}
          style={{ marginBottom: 20 }}
        />
      ) : (
        <WecomEntrance corps={corps} to={props.to} />
      )}
      {isOnlyPassword ? null : <Divider plain>{t('or')}</Divider>}
      {isOnlyPassword || wantsPassword ? (
        <PasswordEntrance onSignedIn={props.onSignedIn} />
      ) : (
        <Button block onClick={() => setWantsPassword(true)}>
          {t('admin')}
        </Button>
      )}
    </>
  )
}

const lastCorp = 'wisp.sign-in-corp'

function WecomEntrance(props: { corps: Options['corps']; to: string | undefined }): ReactNode {
  const t = useText('sign-in')
  const { corps } = props
  const [chosen, setChosen] = useState(() => readStored(lastCorp))
  const corp = corps.find(one => one.corpId === chosen) ?? corps[0]
  return (
    <>
      {corps.length > 1 ? (
        <Select
          aria-label={t('chooseCorp')}
          size="large"
          style={{ width: '100%', marginBottom: 12 }}
          value={corp?.corpId ?? null}
          options={corps.map(one => ({ value: one.corpId, label: one.name || one.corpId }))}
          onChange={value => {
            setChosen(value)
            writeChoice(lastCorp, value)
          }}
        />
      ) : null}
      <Button
        type="primary"
        size="large"
        block
        icon={<WechatWorkOutlined />}
        href={wecomAddress(corp?.corpId, props.to)}
      >
        {isInWecom() ? t('withWecom') : t('withWecomScan')}
      </Button>
    </>
  )
}

function PasswordEntrance(props: { onSignedIn(): void }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (given: { name: string; password: string }) => {
    setBusy(true)
    try {
      await api.post('/web/sign-in/password', given)
      props.onSignedIn()
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }
  const needed = [{ required: true, message: t('needed') }]
  return (
    <Form layout="vertical" requiredMark={false} initialValues={{ name: 'admin' }} onFinish={submit}>
      <div role="alert">
        {error ? <Alert type="error" showIcon title={textOf(error)} style={{ marginBottom: 16 }} /> : null}
      </div>
      <Form.Item name="name" label={t('name')} rules={needed}>
        <Input autoComplete="username" size="large" />
      </Form.Item>
      <Form.Item name="password" label={t('password')} rules={needed} extra={t('adminHint')}>
        <Input.Password autoComplete="current-password" size="large" autoFocus />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={isBusy}>
        {t('signIn')}
      </Button>
    </Form>
  )
}
