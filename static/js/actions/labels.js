/** The keys 1 to 9: the label of the selected object, or of the next mask. */

/** @typedef {import("./action.js").Action} Action */

/** @param {number} index @returns {Action} */
function useLabel(index) {
  return {
    id: `label-${index + 1}`,
    title: `Use label ${index + 1}`,
    group: "Labels",
    family: "Label of the selected object, or of the next mask",
    keys: [String(index + 1)],
    enabled: ({ session }) => session.labels.all.value.length > index,
    perform({ session }) {
      const label = session.labels.all.peek()[index];
      const id = session.annotations.selectedId.peek();
      session.labels.select(label.name);
      if (id) session.relabel(id, label);
      session.said.value = `Label ${label.name}.`;
    },
  };
}

export const useLabels = Array.from({ length: 9 }, (_, index) => useLabel(index));
