import { Alert, Pagination } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'

type Preview = Answer<'/web/directory/groups/foresee'>

/** Who would come and go, with the names of the first of them. */
export function PreviewView({ found }: { found: Preview }): ReactNode {
  const t = useText('groups')
  const { members, comes, goes, looked, isWhole, coming, going } = found
  const isAll = members === looked && looked > 0
  const counts = { members: formatNumber(members), comes: formatNumber(comes), goes: formatNumber(goes) }
  return (
    <Alert
      role="status"
      type={isAll || members === 0 ? 'warning' : 'info'}
      showIcon
      title={t('previewCounts', counts)}
      description={
        <>
          {isAll ? <div>{t('everybody')}</div> : null}
          {members === 0 ? <div>{t('nobody')}</div> : null}
          {isWhole ? null : <div>{t('partly', { n: formatNumber(looked) })}</div>}
          {coming.length > 0 ? <div>{t('coming', { names: namesOf(coming, comes) })}</div> : null}
          {going.length > 0 ? <div>{t('going', { names: namesOf(going, goes) })}</div> : null}
        </>
      }
    />
  )
}

function namesOf(rows: Preview['coming'], count: number): string {
  const names = rows.map(one => one.userName || one.userId).join('、')
  return count > rows.length ? `${names}…` : names
}

const pageSize = 20

/** Who is in a group now. */
export function GroupMembers({ id }: { id: number }): ReactNode {
  const t = useText('groups')
  const [pageNo, setPage] = useState(1)
  const { data } = useRead('/web/directory/groups/members', { id, pageNo, pageSize }, { keep: true })
  if (!data) return null
  return (
    <section aria-label={t('membersNow')} style={{ marginBlockEnd: 24 }}>
      <h3>{t('membersOf', { n: data.total })}</h3>
      <p>{data.list.map(one => one.userName || one.userId).join('、') || t('nobodyNow')}</p>
      {data.total > pageSize ? (
        <Pagination
          size="small"
          current={pageNo}
          pageSize={pageSize}
          total={data.total}
          showSizeChanger={false}
          onChange={setPage}
        />
      ) : null}
    </section>
  )
}
