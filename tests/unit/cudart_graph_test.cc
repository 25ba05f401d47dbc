#include <catch2/catch.hpp>

#include "cudart/graph.h"
#include "cudart/stream.h"

using namespace drillpress::cudart;

namespace {

Operation mark(std::size_t number) {
  return linear_fill(nullptr, 0, number);
}
std::size_t marked(const Operation& operation) {
  return std::get<FillOperation>(operation).width;
}

std::vector<std::size_t> order(const Graph& graph) {
  GraphExec exec;
  REQUIRE(instantiate(graph, exec));
  std::vector<std::size_t> numbers;
  for (const auto& step : exec.steps) numbers.push_back(marked(step.operation));
  return numbers;
}

}  // namespace

TEST_CASE("steps come after what they depend on, otherwise in the order of their making") {
  Graph graph;
  GraphNode& one = graph.add(mark(1), {});
  GraphNode& two = graph.add(mark(2), {});
  graph.add(mark(3), {&two});
  CHECK(order(graph) == std::vector<std::size_t>{1, 2, 3});
  GraphNode& four = graph.add(mark(4), {});
  one.dependencies.push_back(&four);
  CHECK(order(graph) == std::vector<std::size_t>{2, 3, 4, 1});
}

TEST_CASE("a cycle cannot be instantiated") {
  Graph graph;
  GraphNode& one = graph.add(mark(1), {});
  GraphNode& two = graph.add(mark(2), {&one});
  one.dependencies.push_back(&two);
  GraphExec exec;
  CHECK_FALSE(instantiate(graph, exec));
  CHECK(topological_order(graph).empty());
}

TEST_CASE("children are unfolded in their place") {
  auto child = std::make_shared<Graph>();
  child->add(mark(10), {});
  child->add(mark(11), {});
  Graph graph;
  GraphNode& first = graph.add(mark(1), {});
  GraphNode& inner = graph.add(ChildOperation{child}, {&first});
  graph.add(mark(2), {&inner});
  CHECK(order(graph) == std::vector<std::size_t>{1, 10, 11, 2});
}

TEST_CASE("a clone has its own nodes and edges") {
  Graph graph;
  GraphNode& one = graph.add(mark(1), {});
  GraphNode& two = graph.add(mark(2), {&one});
  const auto copy = clone(graph);
  REQUIRE(copy->nodes.size() == 2);
  GraphNode* twin = copy->clone_of.at(&two);
  CHECK(twin->graph == copy.get());
  CHECK(twin->dependencies == std::vector<GraphNode*>{copy->clone_of.at(&one)});
  twin->operation = mark(7);
  CHECK(marked(two.operation) == 2);
}

TEST_CASE("handles that are not live are found out") {
  HandleTable<Event> events;
  Event* event = events.add(std::make_unique<Event>());
  CHECK(events.find(event) == event);
  CHECK(events.find(nullptr) == nullptr);
  CHECK(events.remove(event));
  CHECK_FALSE(events.remove(event));
  CHECK(events.find(event) == nullptr);
}

TEST_CASE("pitched copies start where positions say") {
  drillpress::cudart::abi::Copy3D p = {};
  char from[4096], to[4096];
  p.source = {from, 64, 64, 4};
  p.destination = {to, 32, 32, 8};
  p.source_position = {3, 1, 2};
  p.destination_position = {1, 2, 1};
  p.extent = {5, 2, 3};
  const CopyOperation copy = pitched_copy(p);
  CHECK(copy.source == from + 2 * 64 * 4 + 64 + 3);
  CHECK(copy.destination == to + 32 * 8 + 2 * 32 + 1);
  CHECK((copy.width_bytes == 5 && copy.height == 2 && copy.depth == 3));
  CHECK((copy.source_slice == 256 && copy.destination_slice == 256));
}
