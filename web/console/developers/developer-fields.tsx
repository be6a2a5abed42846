import { Form, Input, Radio, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { GroupPicker, useGroupsOffered } from '../../ui/fields/group-picker.tsx'
import { Fold } from '../../ui/forms/fold.tsx'
import { DepartmentPicker, TagPicker, useSettled } from '../../ui/pickers.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { fenOf } from '../../ui/values/money.ts'
import type { DeveloperForm } from './form-values.ts'
import { ScopeFields } from './scopes/scope-fields.tsx'
import { ClosedCalls, passingOn, UpstreamPaths } from './upstream-paths.tsx'
import './developers.css'

/** The fields that the forms for creating and changing a developer share: its name, what it is for, and the rest folded away. */
export function DeveloperFields({ devId }: { devId?: string }): ReactNode {
  const t = useText('developers')
  return (
    <>
      <Form.Item
        name="name"
        label={t('name')}
        extra={t('nameHelp')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <ScopeFields />
      <RefundFields />
      <UpstreamField devId={devId} />
      {devId === undefined ? null : <ReachFields />}
      <Fold summary={t('advanced')}>
        {devId === undefined ? <ReachFields /> : null}
        <FurtherFields />
      </Fold>
    </>
  )
}

/** Whom it sees, and from where it calls: what is looked at when something is wrong with a developer that there is. */
function ReachFields(): ReactNode {
  const t = useText('developers')
  return (
    <>
      <RangeFields />
      <Form.Item name="ips" label={t('ips')} extra={t('ipsHelp')}>
        <Input.TextArea rows={3} spellCheck={false} maxLength={8000} />
      </Form.Item>
    </>
  )
}

function FurtherFields(): ReactNode {
  const t = useText('developers')
  return (
    <>
      <AccountsField />
      <Form.Item name="listStyle" label={t('listStyle')} extra={t('listStyleHelp')}>
        <Radio.Group
          vertical
          options={[
            { value: 'object', label: t('listObject') },
            { value: 'array', label: t('listArray') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="strictInputs"
        label={t('strictInputs')}
        valuePropName="checked"
        extra={t('strictInputsHelp')}
      >
        <Switch />
      </Form.Item>
      <Form.Item name="ownAgents" label={t('ownAgents')} valuePropName="checked" extra={t('ownAgentsHelp')}>
        <Switch />
      </Form.Item>
      <InboxField />
      <SmsBudgetField />
      <PacketFields />
    </>
  )
}

/** What the inbox on its pages shows; only beside the scope that it needs. */
function InboxField(): ReactNode {
  const t = useText('developers')
  const chosen = Form.useWatch('scopes', Form.useFormInstance<DeveloperForm>()) ?? []
  return (
    <Form.Item
      name="wholeInbox"
      label={t('wholeInbox')}
      valuePropName="checked"
      extra={t('wholeInboxHelp')}
      hidden={!chosen.includes('inbox:embed')}
    >
      <Switch />
    </Form.Item>
  )
}

/** What its SMS may cost; only beside the scope that they need. */
function SmsBudgetField(): ReactNode {
  const t = useText('developers')
  const chosen = Form.useWatch('scopes', Form.useFormInstance<DeveloperForm>()) ?? []
  return (
    <Form.Item
      name="smsBudget"
      label={t('smsBudget')}
      extra={t('smsBudgetHelp')}
      hidden={!chosen.includes('sms:send')}
      rules={useYuan()}
    >
      <Input inputMode="decimal" maxLength={16} autoComplete="off" />
    </Form.Item>
  )
}

/** An amount as people write it, or nothing. */
function useYuan() {
  const t = useText('developers')
  return [
    {
      validator: (_rule: unknown, yuan: string) =>
        yuan && fenOf(yuan) === undefined ? Promise.reject(new Error(t('refundWrong'))) : Promise.resolve(),
    },
  ]
}

/** What the API may give back; only beside the scope that it needs. */
function RefundFields(): ReactNode {
  const t = useText('developers')
  const chosen = Form.useWatch('scopes', Form.useFormInstance<DeveloperForm>()) ?? []
  const hidden = !chosen.includes('pay:refund')
  const rules = useYuan()
  return (
    <>
      <Form.Item name="refundEach" label={t('refundEach')} hidden={hidden} rules={rules}>
        <Input inputMode="decimal" maxLength={16} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="refundDay"
        label={t('refundDay')}
        extra={t('refundHelp')}
        hidden={hidden}
        rules={rules}
      >
        <Input inputMode="decimal" maxLength={16} autoComplete="off" />
      </Form.Item>
    </>
  )
}

/** Which calls of vendors are passed on; only beside the scope that they need. */
function UpstreamField({ devId }: { devId?: string | undefined }): ReactNode {
  const t = useText('developers')
  const chosen = Form.useWatch('scopes', Form.useFormInstance<DeveloperForm>()) ?? []
  const isHidden = !chosen.includes(passingOn)
  return (
    <Form.Item
      name="upstreamPaths"
      label={t('upstreamPaths')}
      hidden={isHidden}
      extra={
        <>
          {t('upstreamPathsHelp')}
          {isHidden ? null : <ClosedCalls devId={devId} />}
        </>
      }
    >
      <UpstreamPaths devId={devId} />
    </Form.Item>
  )
}

/** Whether calls may or must be encrypted, and whether further devices may register; that only where it is not off. */
function PacketFields(): ReactNode {
  const t = useText('developers')
  const isOff = !useSession().features.has('packets')
  const packets = Form.useWatch('packets', Form.useFormInstance<DeveloperForm>())
  return (
    <>
      <Form.Item name="packets" label={t('packets')} extra={t('packetsHelp')} hidden={isOff}>
        <Radio.Group
          vertical
          options={[
            { value: 'off', label: t('packetsOff') },
            { value: 'allowed', label: t('packetsAllowed') },
            { value: 'required', label: t('packetsRequired') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="newDevices"
        label={t('newDevices')}
        valuePropName="checked"
        extra={t('newDevicesHelp')}
        hidden={isOff || packets === 'off'}
      >
        <Switch />
      </Form.Item>
    </>
  )
}

/** Only where the corp has official accounts. */
function AccountsField(): ReactNode {
  const t = useText('developers')
  const isOff = !useSession().features.has('official')
  const list = useRead('/web/official/accounts').data?.list
  if (list?.length === 0) return null
  // A form that is saved without the field says that the developer has all accounts.
  const hidden = isOff || !list
  return (
    <Form.Item name="accounts" label={t('accounts')} extra={t('accountsHelp')} hidden={hidden}>
      <Select
        mode="multiple"
        optionFilterProp="label"
        placeholder={t('accountsAll')}
        options={list?.map(one => ({ value: one.originalId, label: one.name })) ?? []}
      />
    </Form.Item>
  )
}

/** Chooses the whole corp, or departments and tags, and shows how many members that is. */
function RangeFields(): ReactNode {
  const t = useText('developers')
  const form = Form.useFormInstance<DeveloperForm>()
  const range = Form.useWatch('range', form)
  const isGrouped = useGroupsOffered((Form.useWatch('groups', form) ?? []).length)
  return (
    <>
      <Form.Item name="range" label={t('dataScope')} style={{ marginBottom: range === 'some' ? 8 : 24 }}>
        <Radio.Group
          vertical
          options={[
            { value: 'all', label: t('dataScopeAll') },
            { value: 'some', label: t('dataScopeSome') },
          ]}
        />
      </Form.Item>
      {range === 'some' ? (
        <div style={{ paddingInlineStart: 24 }}>
          <Form.Item
            name="departments"
            label={t('departments')}
            dependencies={['tags', 'groups']}
            rules={[atLeastOne(t)]}
          >
            <DepartmentPicker label={t('departments')} />
          </Form.Item>
          <Form.Item name="tags" label={t('tags')}>
            <TagPicker label={t('tags')} />
          </Form.Item>
          {isGrouped ? (
            <Form.Item name="groups" label={t('groups')}>
              <GroupPicker label={t('groups')} />
            </Form.Item>
          ) : null}
          <VisibleCount />
        </div>
      ) : null}
    </>
  )
}

type Rule = (form: { getFieldValue(name: string): unknown }) => { validator(): Promise<void> }

/** Requires a choice, because it would be unclear whether an empty range means everybody or nobody. */
function atLeastOne(t: Translator<'developers'>): Rule {
  return ({ getFieldValue }) => ({
    async validator() {
      const chosen = ['departments', 'tags', 'groups'].flatMap(
        name => (getFieldValue(name) as number[]) ?? [],
      )
      if (chosen.length === 0) throw new Error(t('dataScopeEmpty'))
    },
  })
}

function VisibleCount(): ReactNode {
  const t = useText('developers')
  const form = Form.useFormInstance<DeveloperForm>()
  const departments = useSettled(Form.useWatch('departments', form) ?? [])
  const tags = useSettled(Form.useWatch('tags', form) ?? [])
  const groups = useSettled(Form.useWatch('groups', form) ?? [])
  const read = useRead(
    '/web/developers/visible',
    { departments: departments.map(String), tags: tags.map(String), groups: groups.map(String) },
    { keep: true },
  )
  return (
    <p className="wisp-quiet" style={{ marginTop: -8 }}>
      <span role="status" style={{ color: 'var(--wisp-text)' }}>
        {read.data ? t('visibleCount', { n: read.data.members }) : t('counting')}
      </span>
      {' · '}
      {t('dataScopeHelp')}
    </p>
  )
}
