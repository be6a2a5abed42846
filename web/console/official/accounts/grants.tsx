import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import type { AccountDetail } from './connect.tsx'

/** Which graded administrators may work with the account; all others of higher level do anyway. */
export function Grants({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const common = useText('common')
  const [chosen, setChosen] = useState(account.grants.map(one => one.userId))
  const graded = useRead('/web/directory/roles', { level: '3', pageSize: 100 }).data?.list ?? []
  const act = useAct('/web/official/account/grant', { done: t('saved'), refresh: ['/web/official'] })
  const known = [
    ...graded.map(one => ({ value: one.userId, label: `${one.userName} (${one.userId})` })),
    ...account.grants
      .filter(one => !graded.some(other => other.userId === one.userId))
      .map(one => ({ value: one.userId, label: `${one.name} (${one.userId})` })),
  ]
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('grantsHint')}
      </p>
      <Select
        mode="multiple"
        style={{ width: '100%', marginBottom: 12 }}
        aria-label={t('grants')}
        placeholder={t('grantsNobody')}
        showSearch={{ optionFilterProp: 'label' }}
        value={chosen}
        options={known}
        onChange={setChosen}
      />
      <Button
        loading={act.isRunning}
        onClick={() => void act.run({ originalId: account.originalId, userIds: chosen })}
      >
        {common('save')}
      </Button>
    </>
  )
}
