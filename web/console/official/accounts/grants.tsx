import { Form, Select } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import type { AccountDetail } from './connect.tsx'

/** Which graded administrators may work with the account; all others of higher level do anyway. */
export function Grants(props: { account: AccountDetail; reread(): Promise<unknown> }): ReactNode {
  const t = useText('official')
  const { account, reread } = props
  const graded = useRead('/web/directory/roles', { level: '3', pageSize: 100 }).data?.list ?? []
  const known = [
    ...graded.map(one => ({ value: one.userId, label: `${one.userName} (${one.userId})` })),
    ...account.grants
      .filter(one => !graded.some(other => other.userId === one.userId))
      .map(one => ({ value: one.userId, label: `${one.name} (${one.userId})` })),
  ]
  const named = (userIds: readonly string[]) =>
    userIds.map(userId => known.find(one => one.value === userId)?.label ?? userId).join('、')
  const object = useObjectForm<{ userIds: string[] }, '/web/official/account/grant'>(
    '/web/official/account/grant',
    {
      shown: { userIds: account.grants.map(one => one.userId) },
      version: account.grantsVersion,
      labels: { userIds: { label: t('grants'), tell: named } },
      fields: { named: { userIds: 'userIds' }, otherwise: 'userIds' },
      reread,
      done: t('saved'),
      refresh: ['/web/official'],
    },
  )
  const { originalId } = account
  return (
    <ObjectForm
      object={object}
      name="grants"
      save={({ userIds }) => void object.run({ originalId, userIds, version: object.version })}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('grantsHint')}
      </p>
      <Form.Item name="userIds">
        <Select
          mode="multiple"
          aria-label={t('grants')}
          placeholder={t('grantsNobody')}
          showSearch={{ optionFilterProp: 'label' }}
          options={known}
        />
      </Form.Item>
    </ObjectForm>
  )
}
