import { Editor } from '@tiptap/core'
import { type ReactNode, type RefObject, useEffect, useReducer, useRef, useState } from 'react'
import { styleNonce } from '../../../../ui/look/style-nonce.ts'
import { useText } from '../../../../ui/text.ts'
import { articleNodes } from './article-nodes.ts'
import { insertPicture } from './change-blocks.ts'
import { pasteProps } from './paste.ts'
import { keptArticle, readArticle } from './read-article.ts'
import type { KeptKind } from './shown.ts'
import { Toolbar } from './toolbar.tsx'
import { createWriter } from './write-article.ts'
import './rich-text.css'

/** Puts a picture where the cursor is. */
export type InsertPicture = (url: string) => void

/**
 * An article as it looks. `html` is shown once, then people edit; `onChange` gets what they make of it, in which all that they
 * did not touch is to the byte as it was. `insertPicture` is filled for those who upload some.
 */
export function RichText(props: {
  label: string
  html: string
  insertPicture: RefObject<InsertPicture | undefined>
  onChange(html: string): void
  children?: ReactNode
}): ReactNode {
  const t = useText('official-drafts')
  const place = useRef<HTMLDivElement>(null)
  const first = useRef({
    html: props.html,
    label: props.label,
    labels: (kind: KeptKind) => t(`kept:${kind}`),
  })
  const onChange = useRef(props.onChange)
  onChange.current = props.onChange
  const [editor, setEditor] = useState<Editor>()
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const { insertPicture: insert } = props
  useEffect(() => {
    if (!place.current) return
    const made = createEditor(place.current, first.current, html => onChange.current(html))
    made.on('transaction', redraw)
    insert.current = url => insertPicture(made, url)
    setEditor(made)
    return () => {
      insert.current = undefined
      made.destroy()
    }
  }, [insert])
  return (
    <div className="oa-rich">
      {editor ? <Toolbar editor={editor}>{props.children}</Toolbar> : null}
      <div ref={place} />
    </div>
  )
}

function createEditor(
  element: HTMLElement,
  { html, label, labels }: { html: string; label: string; labels(kind: KeptKind): string },
  onChange: (html: string) => void,
): Editor {
  const create = ({ doc, after }: ReturnType<typeof readArticle>) => {
    const editor = new Editor({
      element,
      extensions: articleNodes(labels),
      content: doc,
      injectNonce: styleNonce(),
      // What is typed stays what was typed.
      enableInputRules: false,
      enablePasteRules: false,
      editorProps: {
        ...pasteProps,
        attributes: {
          class: 'oa-rich-text',
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': label,
          tabindex: '0',
        },
      },
    })
    const write = createWriter(editor.state.doc, after)
    editor.on('update', () => onChange(write(editor.state.doc)))
    return { editor, isFaithful: html.trim() === '' || write(editor.state.doc) === html }
  }
  const made = create(readArticle(html))
  if (made.isFaithful) return made.editor
  made.editor.destroy()
  return create(keptArticle(html)).editor
}
