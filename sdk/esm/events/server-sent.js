/** Reads events as the HTML standard says; what ends in the middle of an event is dropped. */
export async function* serverSent(stream, { lastId, onId, onRetry, onBytes }) {
    let id = lastId;
    let data = [];
    for await (const line of linesOf(stream, onBytes)) {
        if (line === '') {
            onId(id);
            if (data.length > 0)
                yield { id, data: data.join('\n') };
            data = [];
            continue;
        }
        const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (field === 'data')
            data.push(value ?? '');
        else if (field === 'id' && !value?.includes('\0'))
            id = value ?? '';
        else if (field === 'retry' && /^\d+$/.test(value ?? ''))
            onRetry(Number(value));
    }
}
/** Lines end with CR, LF or both, and an arrival may end between the two. */
async function* linesOf(stream, onBytes) {
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    let rest = '';
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done)
                return;
            onBytes();
            const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
            rest = lines.pop() ?? '';
            yield* lines;
        }
    }
    finally {
        await reader.cancel().catch(() => { });
    }
}
