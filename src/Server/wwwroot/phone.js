/*! Portunus, Apache-2.0. What is bundled with it: licences.txt */
document.documentElement.dataset.ready="";
