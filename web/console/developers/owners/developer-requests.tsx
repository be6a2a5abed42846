import { Pagination } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { RequestList } from './request-list.tsx'

const pageSize = 10

/** What the owners of a developer have asked for, the open ones first. The page is not in the address, which is the list's. */
export function DeveloperRequests(props: { devId: string; mayDecide?: boolean }): ReactNode {
  const { devId, mayDecide = false } = props
  const [pageNo, setPageNo] = useState(1)
  const read = useRead('/web/developers/scope-requests', { devId, pageNo, pageSize }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, total } = read.data
  return (
    <>
      <RequestList list={list} mayDecide={mayDecide} />
      {total > pageSize ? (
        <Pagination
          size="small"
          current={pageNo}
          pageSize={pageSize}
          total={total}
          showSizeChanger={false}
          onChange={setPageNo}
        />
      ) : null}
    </>
  )
}
