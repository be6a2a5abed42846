import { Button, Form, Input, Space } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../../ui/address/drawer.tsx'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import type { Account } from '../use-account.tsx'

const nameBytes = 30
const firstOwnId = 3

export function FollowerTags({ account }: { account: Account }): ReactNode {
  const t = useText('official-followers')
  const { originalId } = account
  const read = useRead('/web/official/follower-tags', { originalId })
  const [named, setNamed] = useState<TagName>()
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list } = read.data
  return (
    <>
      <div className="wisp-filters">
        <Button type="primary" onClick={() => setNamed({ name: '' })}>
          {t('createTag')}
        </Button>
      </div>
      {list.length === 0 ? (
        <EmptyState title={t('noTags')} />
      ) : (
        <ul className="oa-tags" aria-label={t('tags')}>
          {list.map(tag => (
            <Tag key={tag.id} originalId={originalId} tag={tag} onRename={() => setNamed(tag)} />
          ))}
        </ul>
      )}
      <SideDrawer
        isOpen={named !== undefined}
        title={t(named?.id === undefined ? 'createTag' : 'rename')}
        close={() => setNamed(undefined)}
      >
        {named ? <NameForm originalId={originalId} tag={named} onDone={() => setNamed(undefined)} /> : null}
      </SideDrawer>
    </>
  )
}

type TagName = { id?: number; name: string }

function Tag(props: {
  originalId: string
  tag: { id: number; name: string; count: number }
  onRename(): void
}): ReactNode {
  const t = useText('official-followers')
  const [, set] = useUrlState()
  const { originalId, tag } = props
  const remove = useAct('/web/official/follower-tag/delete', {
    refresh: ['/web/official/follower'],
    done: t('done'),
    confirm: () => ({
      title: t('deleteTag'),
      content: t('deleteTagText', { name: tag.name, n: formatNumber(tag.count) }),
      danger: true,
    }),
  })
  return (
    <li>
      <Button
        type="link"
        style={{ padding: 0 }}
        onClick={() => set({ tab: undefined, tagId: tag.id, pageNo: undefined })}
      >
        {tag.name}
      </Button>
      <span className="wisp-quiet">{t('tagCount', { n: formatNumber(tag.count) })}</span>
      {tag.id < firstOwnId ? (
        <span className="wisp-quiet">{t('systemTag')}</span>
      ) : (
        <Space>
          <Button size="small" onClick={props.onRename}>
            {t('rename')}
          </Button>
          <Button
            size="small"
            danger
            loading={remove.isRunning}
            onClick={() => void remove.run({ originalId, tagId: tag.id })}
          >
            {t('delete')}
          </Button>
        </Space>
      )}
    </li>
  )
}

function NameForm(props: { originalId: string; tag: TagName; onDone(): void }): ReactNode {
  const t = useText('official-followers')
  const common = useText('common')
  const [form] = Form.useForm<{ name: string }>()
  const fields = { named: { name: 'name' } }
  const options = { refresh: ['/web/official/follower'], done: t('done') }
  const create = useFormAct('/web/official/follower-tag/create', form, fields, options)
  const rename = useFormAct('/web/official/follower-tag/rename', form, fields, options)
  const name = Form.useWatch('name', form) ?? props.tag.name
  const bytes = new TextEncoder().encode(name.trim()).length
  const { originalId, tag } = props
  const save = async ({ name }: { name: string }) => {
    const saved =
      tag.id === undefined
        ? await create.run({ originalId, name })
        : await rename.run({ originalId, tagId: tag.id, name })
    if (saved) props.onDone()
  }
  return (
    <DrawerForm
      form={form}
      submit={common('save')}
      isRunning={create.isRunning || rename.isRunning}
      isDisabled={bytes === 0 || bytes > nameBytes}
      initialValues={{ name: tag.name }}
      onFinish={values => void save(values)}
    >
      <Form.Item
        name="name"
        label={t('tagName')}
        extra={t('tagBytes', { n: bytes, most: nameBytes })}
        {...(bytes > nameBytes ? { validateStatus: 'error' as const } : {})}
      >
        <Input autoFocus autoComplete="off" />
      </Form.Item>
    </DrawerForm>
  )
}
