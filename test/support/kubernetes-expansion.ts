/**
 * What a kubelet makes of a container's command before it starts it: `$(NAME)` becomes the value of a variable of the
 * container, or stays when there is none; `$$` becomes `$`. After Kubernetes' expansion package.
 */
export function expandReferences(text: string, variables: Readonly<Record<string, string>>): string {
  let expanded = '';
  for (let at = 0; at < text.length; at++) {
    const end = text[at + 1] === '(' ? text.indexOf(')', at) : -1;
    if (text[at] !== '$') {
      expanded += text[at];
    } else if (text[at + 1] === '$') {
      expanded += '$';
      at++;
    } else if (end > 0) {
      const name = text.slice(at + 2, end);
      expanded += variables[name] ?? `$(${name})`;
      at = end;
    } else {
      expanded += '$';
    }
  }
  return expanded;
}
