import type { Editor } from '@tiptap/core'
import type { Node, ResolvedPos } from '@tiptap/pm/model'
import { NodeSelection, Selection, TextSelection } from '@tiptap/pm/state'
import { pictureHtml } from './article-nodes.ts'

type Block = { node: Node; parent: Node; from: number; index: number }

/** The block that is selected or has the cursor in it, with what is around nothing but it. */
export function blockAt(editor: Editor): Block | undefined {
  const { selection } = editor.state
  const { $from } = selection
  if (selection instanceof NodeSelection && selection.node.isBlock)
    return outermost($from, $from.depth + 1, selection.node)
  return $from.depth === 0 ? undefined : outermost($from, $from.depth, $from.node())
}

function outermost($from: ResolvedPos, at: number, block: Node): Block {
  let [depth, node] = [at, block]
  while (depth > 1 && $from.node(depth - 1).childCount === 1 && !$from.node(depth - 1).type.spec.isolating) {
    depth--
    node = $from.node(depth)
  }
  const parent = $from.node(depth - 1)
  const from = depth > $from.depth ? $from.pos : $from.before(depth)
  return { node, parent, from, index: $from.index(depth - 1) }
}

/** Whether there is a block on that side to change places with. */
export function canMove(editor: Editor, by: -1 | 1): boolean {
  const block = blockAt(editor)
  return block !== undefined && block.parent.maybeChild(block.index + by) !== null
}

export function moveBlock(editor: Editor, by: -1 | 1): void {
  const block = blockAt(editor)
  const other = block?.parent.maybeChild(block.index + by)
  if (!block || !other) return
  const { node, from } = block
  const { tr, selection } = editor.state
  const to = by < 0 ? from - other.nodeSize : from + other.nodeSize
  const offset = selection.from - from
  tr.delete(from, from + node.nodeSize).insert(to, node)
  const isWhole = selection instanceof NodeSelection
  tr.setSelection(
    isWhole ? NodeSelection.create(tr.doc, to + offset) : TextSelection.create(tr.doc, to + offset),
  )
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

export function removeBlock(editor: Editor): void {
  const block = blockAt(editor)
  if (!block) return
  const { tr } = editor.state
  const { node, parent, from } = block
  const paragraph = editor.schema.nodes['paragraph']!
  // The last of an article leaves an empty paragraph.
  if (parent.childCount === 1) tr.replaceWith(from, from + node.nodeSize, paragraph.create())
  else tr.delete(from, from + node.nodeSize)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size))))
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

/** Behind the block with the cursor, or instead of it where that is empty. */
function insertBlock(editor: Editor, node: Node): void {
  const { $to } = editor.state.selection
  const { tr } = editor.state
  const isEmpty = $to.parent.isTextblock && $to.parent.content.size === 0
  const at = isEmpty ? $to.before() : $to.parent.isTextblock ? $to.after() : $to.pos
  if (isEmpty) tr.replaceWith(at, $to.after(), node)
  else tr.insert(at, node)
  tr.setSelection(Selection.near(tr.doc.resolve(at + node.nodeSize), -1))
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

export function insertPicture(editor: Editor, url: string): void {
  const { paragraph, image } = editor.schema.nodes
  insertBlock(editor, paragraph!.create(null, image!.create({ open: pictureHtml(url) })))
}

/** A dividing line, with a paragraph behind it to go on in. */
export function insertLine(editor: Editor): void {
  const { line, paragraph } = editor.schema.nodes
  insertBlock(editor, line!.create())
  const { tr, selection } = editor.state
  const at = selection.to
  if (tr.doc.resolve(at).nodeAfter) return
  tr.insert(at, paragraph!.create())
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)))
}

/** Takes away how the selected blocks look, and the marks of the selected text; links stay. */
export function clearLooks(editor: Editor): void {
  const { from, to } = editor.state.selection
  editor
    .chain()
    .focus()
    .unsetAllMarks()
    .command(({ tr }) => {
      tr.doc.nodesBetween(from, to, (node, at) => {
        if (!node.isTextblock) return
        tr.setNodeAttribute(at, 'open', null)
        tr.setNodeAttribute(at, 'close', null)
      })
      return true
    })
    .run()
}

/** Makes the selected text a link, or puts the address in. Without an address a link becomes text. */
export function setLink(editor: Editor, href: string): void {
  const chain = editor.chain().focus().extendMarkRange('link')
  if (!href) chain.unsetMark('link').run()
  else if (editor.state.selection.empty && !editor.isActive('link'))
    chain.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run()
  else chain.unsetMark('link').setMark('link', { href, open: null, close: null, path: null }).run()
}
