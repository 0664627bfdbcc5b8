"use strict";
// The sum of Scorecard.Mean and the sentence of Ranking.Sentence, for the weights that the sliders show.
(function () {
  const all = (root, selector) => Array.from(root.querySelectorAll(selector));
  const list = words => words.length === 1 ? words[0] : words.slice(0, -1).join(", ") + " and " + words[words.length - 1];
  const points = mean => Math.floor(mean * 100 + 0.5);

  const mean = (row, weights) => {
    let sum = 0, total = 0;
    all(row, "[data-score]").forEach(cell => {
      const weight = weights.get(cell.dataset.criterion);
      if (!(weight > 0)) return;
      sum += Number(cell.dataset.score) * weight;
      total += weight;
    });
    return total > 0 ? sum / total : null;
  };

  const sentence = ranking => {
    const known = ranking.filter(one => one.mean !== null ? !("aside" in one.row.dataset) : false);
    if (known.length === 0) return "Nothing was scored: there is no recommendation.";
    const first = points(known[0].mean);
    const best = known.filter(one => points(one.mean) === first);
    const next = known.slice(best.length, best.length + 2).map(one => `${one.name} (${points(one.mean)})`);
    return `With these weights ${list(best.map(one => one.name))} ${best.length === 1 ? "comes" : "come"} first with ${first} of 100`
      + (next.length === 0 ? "" : `, before ${list(next)}`) + ".";
  };

  all(document, "[data-weights]").forEach(card => {
    const sliders = all(card, "input[type=range]");
    const rows = all(card, "tbody tr");
    // Equal means keep the order of the run.
    const order = new Map(rows.map((row, index) => [row, index]));
    const body = card.querySelector("tbody");
    const update = () => {
      const weights = new Map(sliders.map(slider => [slider.dataset.criterion, Number(slider.value)]));
      const ranking = rows.map(row => ({ row, name: row.dataset.solution, mean: mean(row, weights) }));
      const rank = one => one.mean === null ? -1 : one.mean;
      ranking.sort((one, two) => rank(two) - rank(one) || order.get(one.row) - order.get(two.row));
      ranking.forEach(one => {
        one.row.querySelector(".bar").style.setProperty("--share", String(one.mean ?? 0));
        one.row.querySelector("[data-number]").textContent = one.mean === null ? "not known" : String(points(one.mean));
        body.append(one.row);
      });
      card.querySelector("[data-sentence]").textContent = sentence(ranking);
    };
    sliders.forEach(slider => {
      slider.disabled = false;
      slider.addEventListener("input", () => {
        card.querySelector(`output[for="${slider.id}"]`).textContent = slider.value;
        update();
      });
    });
    const reset = card.querySelector("[data-reset]");
    reset.hidden = false;
    reset.addEventListener("click", () => {
      sliders.forEach(slider => {
        slider.value = slider.defaultValue;
        card.querySelector(`output[for="${slider.id}"]`).textContent = slider.value;
      });
      update();
    });
  });

  // On paper nobody can open what is folded.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all(document, "details:not([open])");
    closed.forEach(one => { one.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach(one => { one.open = false; }));
})();
