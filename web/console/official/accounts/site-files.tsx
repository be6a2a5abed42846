import { Button, List, Modal } from 'antd'
import { type ChangeEvent, type ReactNode, useRef, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Advanced } from '../../../ui/objects/advanced.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'

/** The MP_verify_….txt and WW_verify_….txt with which WeChat has a domain proved. */
export function SiteFiles(): ReactNode {
  const t = useText('official')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Advanced items={[{ key: 'files', label: t('siteFiles'), open: () => setOpen(true) }]} />
      <Modal
        open={isOpen}
        title={t('siteFiles')}
        footer={null}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <p className="wisp-quiet">{t('siteFilesHint')}</p>
        <Files />
      </Modal>
    </>
  )
}

function Files(): ReactNode {
  const t = useText('official')
  const input = useRef<HTMLInputElement>(null)
  const read = useRead('/web/official/site-files')
  const put = useAct('/web/official/site-files/put', {
    done: t('saved'),
    refresh: ['/web/official/site-files'],
  })
  const remove = useAct('/web/official/site-files/remove', { refresh: ['/web/official/site-files'] })
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (file) await put.run({ name: file.name, content: (await file.text()).slice(0, 1000) })
  }
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={80} />
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".txt,text/plain"
        aria-label={t('siteFileChoose')}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      <List
        size="small"
        dataSource={read.data.list}
        locale={{ emptyText: <EmptyState title={t('siteFilesNone')} /> }}
        renderItem={file => (
          <List.Item
            actions={[
              <Button
                key="remove"
                type="link"
                danger
                size="small"
                loading={remove.isRunning}
                onClick={() => void remove.run({ name: file.name })}
              >
                {t('remove')}
              </Button>,
            ]}
          >
            <a href={`/${file.name}`} target="_blank" rel="noreferrer" style={{ overflowWrap: 'anywhere' }}>
              {file.name}
            </a>{' '}
            <Time at={file.putAt} />
          </List.Item>
        )}
      />
      <Button
        type="primary"
        loading={put.isRunning}
        onClick={() => input.current?.click()}
        style={{ marginTop: 12 }}
      >
        {t('siteFileChoose')}
      </Button>
    </>
  )
}
