import { Checkbox, Form, Input, Segmented, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../../ui/address/drawer-form.tsx'
import type { Answer, Row } from '../../../../ui/data/api.ts'
import { useRead } from '../../../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../../../ui/feedback.tsx'
import { useText } from '../../../../ui/text.ts'
import { useSave } from '../../settings/settings-card.tsx'
import { newRobot } from './new-robot.ts'

const path = '/web/messages/robots'
type Robot = Row<typeof path>
type Developers = Answer<typeof path>['developers']

type Values = {
  name: string
  vendor: Robot['vendor']
  address?: string
  secret?: string
  withoutSecret?: boolean
  givesMobiles?: boolean
  devIds: string[]
}

const starts = {
  wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=',
  dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=',
  feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/',
}

export function RobotForm(props: { id: string; onDone: () => void }): ReactNode {
  const isNew = props.id === newRobot
  const read = useRead(path, { pageSize: 200 })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const found = read.data.list.find(one => one.id === props.id)
  if (!isNew && !found) return <NotFound />
  return <Fields robot={found} developers={read.data.developers} onDone={props.onDone} />
}

function Fields(props: { robot: Robot | undefined; developers: Developers; onDone: () => void }): ReactNode {
  const { robot } = props
  const t = useText('group-robots')
  const common = useText('common')
  const save = useSave('/web/messages/robots/save')
  const [form] = Form.useForm<Values>()
  const vendor = Form.useWatch('vendor', form) ?? robot?.vendor ?? 'wecom'
  const isNeeded = { required: true, message: t('required') }
  return (
    <DrawerForm<Values>
      form={form}
      name="robot"
      submit={common('save')}
      isRunning={save.isRunning}
      initialValues={robot ?? { vendor: 'wecom', devIds: [] }}
      onValuesChange={() => save.touch()}
      onFinish={async ({ withoutSecret, givesMobiles, ...given }) => {
        const flags = {
          withoutSecret: withoutSecret ? ('1' as const) : ('0' as const),
          givesMobiles: givesMobiles && vendor === 'dingtalk' ? ('1' as const) : ('0' as const),
        }
        const known = robot ? { id: robot.id, version: robot.version, vendor: robot.vendor } : {}
        if (await save.run({ ...given, ...flags, ...known })) props.onDone()
      }}
    >
      <Form.Item name="vendor" label={t('vendor')}>
        <Segmented
          disabled={robot !== undefined}
          options={(['wecom', 'dingtalk', 'feishu'] as const).map(value => ({ value, label: t(value) }))}
        />
      </Form.Item>
      <Form.Item name="name" label={t('name')} extra={t('nameHint')} rules={[isNeeded]}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item
        name="address"
        label={t('address')}
        extra={t('addressHint', { start: starts[vendor] })}
        rules={robot ? [] : [isNeeded]}
      >
        <Input.Password
          maxLength={500}
          autoComplete="off"
          placeholder={robot ? t('addressKept') : starts[vendor]}
        />
      </Form.Item>
      {vendor === 'wecom' ? null : (
        <Form.Item name="secret" label={t('secret')} extra={t('secretHint')}>
          <Input.Password
            maxLength={200}
            autoComplete="new-password"
            placeholder={robot?.hasSecret ? t('secretKept') : ''}
          />
        </Form.Item>
      )}
      {robot?.hasSecret ? (
        <Form.Item name="withoutSecret" valuePropName="checked">
          <Checkbox>{t('withoutSecret')}</Checkbox>
        </Form.Item>
      ) : null}
      {vendor === 'dingtalk' ? (
        <Form.Item
          name="givesMobiles"
          label={t('givesMobiles')}
          extra={t('givesMobilesHint')}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      ) : null}
      <Form.Item name="devIds" label={t('developers')} extra={t('developersHint')}>
        <Select
          mode="multiple"
          optionFilterProp="label"
          notFoundContent={t('nobody')}
          options={props.developers.map(({ devId, name }) => ({ value: devId, label: name }))}
        />
      </Form.Item>
      {save.problem}
    </DrawerForm>
  )
}
