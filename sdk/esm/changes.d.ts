import type { Calls } from './calls.js';
import type { Department, MemberWithDepartments } from './generated/api.js';
import type { CallOptions } from './operation.js';
/** A tag and who is in it. */
export type TagWithIds = {
    tagId: string;
    tagName: string;
    userIds: string[];
    orgIds: string[];
};
type ChangeOf<Kind extends string, Value> = {
    seq: number;
    kind: Kind;
    op: 'put';
    id: string;
    value: Value;
}
/** The member `oldId` is `id` from now on. */
 | {
    seq: number;
    kind: Kind;
    op: 'rename';
    id: string;
    oldId: string;
    value: Value;
} | {
    seq: number;
    kind: Kind;
    op: 'drop';
    id: string;
};
/** `value` is how it is now, which may be newer than the change. */
export type Change = ChangeOf<'member', MemberWithDepartments> | ChangeOf<'department', Department> | ChangeOf<'tag', TagWithIds>;
export type ChangesOptions = CallOptions & {
    /** `next` of the last time; 0, the default, at first. */
    since?: number | undefined;
    /** Of one call; 500 by default, 1000 at most. */
    limit?: number | undefined;
    /** Whether to go on asking once there is nothing new. */
    follow?: boolean | undefined;
    /** How long to wait before asking again when following; 5000 by default. */
    intervalMs?: number | undefined;
    /**
     * Called when changes are missing, because the last reading is more than 30 days ago or the data scope is another. When it is
     * done with reading everything, the feed continues with what changed since `next`. Without it the feed throws
     * FullReadNeededError.
     */
    onFullReadNeeded?: ((next: number) => void | Promise<void>) | undefined;
};
export type Changes = AsyncIterable<Change> & {
    /** What to give as `since` next time: everything before has been handed out. */
    readonly next: number;
};
export declare function changesFeed({ settings, call }: Calls, options?: ChangesOptions): Changes;
export {};
